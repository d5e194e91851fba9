// Which log a zone's offsets belong to: a name that is drawn once, when it is first asked for, and kept in the lease's stream, which is
// made when a zone is founded and never restored. So a zone that was rebuilt has another one, also when its facts came back
// from a snapshot. (The stream's own time of making would not do: each of its servers has another.)

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

  /** Asked of the store once; it does not change while a zone lives. */
  async id(timeoutMs: number): Promise<string> {
    return (this.#id ??= (await this.#read(timeoutMs)) ?? (await this.#draw(timeoutMs)));
  }

  async #read(timeoutMs: number): Promise<string | undefined> {
    return (await readStored(this.#nc, place, timeoutMs))?.data.toString("utf8");
  }

  /** Whoever is first: a second name is refused. */
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

/** `<zone>.<generation>`: what a zone calls itself when it pulls. A new log on either side is a new reader from the beginning. */
export function readerName(zoneId: string, logs: { own: string; peer: string }): string {
  const generation = createHash("sha256").update(`${logs.own}\n${logs.peer}`).digest("hex").slice(0, 12);
  return `${zoneId}.${generation}`;
}

/** A reader's name with this end reads facts of every origin; without it, only what the serving zone did not get from its peer. */
export const everything = ".all";

const shape = /^(?<zone>[a-z0-9][a-z0-9-]*-bsfg)\.[0-9a-f]{12}(?:\.all)?$/;

/** Whose reader a consumer name is; undefined when it is no zone's. */
export function zoneOfReader(consumerName: string): string | undefined {
  return shape.exec(consumerName)?.groups?.["zone"];
}
