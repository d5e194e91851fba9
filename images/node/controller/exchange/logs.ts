// Which log a zone's offsets belong to. The lease's stream is made once, when a zone is founded, and never restored: a zone that was
// rebuilt has another one, also when its facts came back from a snapshot. So its time of making names the log.

import { createHash } from "node:crypto";
import { ask, type NatsConnection } from "../../local/store.ts";

export class OwnLog {
  readonly #nc: NatsConnection;
  #id: string | undefined;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
  }

  /** Asked of the server once; it does not change while a zone lives. */
  async id(timeoutMs: number): Promise<string> {
    this.#id ??= (await ask<{ created: string }>(this.#nc, "STREAM.INFO.lease", { timeoutMs })).created;
    return this.#id;
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
