// The id of a zone's log: its offsets are valid for this log only. The id is drawn at its first use and kept in the
// lease's stream, which a new zone makes and no restore touches. So a rebuilt zone has another id, even when its facts
// came back from a snapshot. (The stream's creation time cannot serve as the id: it differs on each server.)

import { createHash, randomUUID } from "node:crypto";
import { type NatsConnection, publish, readStored, refusalCodes, StoreRefusal } from "../../local/store.ts";

const subject = "lease.log";
const place = { stream: "lease", where: { last_by_subj: subject } };

export class OwnLog {
  readonly #nc: NatsConnection;
  #id: string | undefined;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
  }

  /** Read from the store once; it does not change while a zone lives. */
  async id(timeoutMs: number): Promise<string> {
    return (this.#id ??= (await this.#read(timeoutMs)) ?? (await this.#draw(timeoutMs)));
  }

  async #read(timeoutMs: number): Promise<string | undefined> {
    return (await readStored(this.#nc, place, timeoutMs))?.data.toString("utf8");
  }

  /** The first writer wins: the store refuses a second id. */
  async #draw(timeoutMs: number): Promise<string> {
    const drawn = randomUUID();
    try {
      const headers = { "Nats-Expected-Last-Subject-Sequence": "0" };
      await publish(this.#nc, { subject, data: drawn }, { timeoutMs, headers });
      return drawn;
    } catch (thrown) {
      if (!(thrown instanceof StoreRefusal && thrown.code === refusalCodes.wrongLastSequence)) throw thrown;
      const there = await this.#read(timeoutMs);
      if (there === undefined) throw thrown;
      return there;
    }
  }
}

/**
 * `<zone>.<generation>`: a zone's consumer name when it pulls. A new log on either side makes a new reader from the
 * beginning.
 */
export function readerName(zoneId: string, logs: { own: string; peer: string }): string {
  const generation = createHash("sha256").update(`${logs.own}\n${logs.peer}`).digest("hex").slice(0, 12);
  return `${zoneId}.${generation}`;
}

/**
 * A reader whose name ends so reads facts of every origin; any other, only facts that did not come from its own zone.
 */
export const everything = ".all";

const shape = /^(?<zone>[a-z0-9][a-z0-9-]*-bsfg)\.[0-9a-f]{12}(?:\.all)?$/;

/** The zone that a consumer name belongs to; undefined when it is no zone's reader. */
export function zoneOfReader(consumerName: string): string | undefined {
  return shape.exec(consumerName)?.groups?.["zone"];
}
