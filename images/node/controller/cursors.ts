// Durable cursors: how far each consumer has confirmed. Each consumer has one subject in a quorum-backed stream that
// keeps the last message only. Compare-and-set moves a cursor, so it never goes back.

import { Code, ConnectError } from "@connectrpc/connect";
import { type NatsConnection, StoreRefusal, publish, readStored, refusalCodes } from "../local/store.ts";
import { zoneOfReader } from "./exchange/logs.ts";
import { leftMs } from "./facts.ts";

const attemptsMax = 5;

export class Cursors {
  readonly #nc: NatsConnection;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
  }

  /** The last confirmed offset; 0 for an unknown consumer. */
  async read(consumer: string, untilNs: number): Promise<number> {
    return (await this.#read(subjectOf(consumer), untilNs)).offset;
  }

  /** Moves the cursor forward to `offset` and returns its position. */
  async advance(consumer: string, offset: number, untilNs: number): Promise<number> {
    const subject = subjectOf(consumer);
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const at = await this.#read(subject, untilNs);
      if (at.offset >= offset) return at.offset;
      if (await this.#write(subject, { offset, revision: at.revision }, untilNs)) return offset;
    }
    throw new ConnectError("other callers move this cursor all the time", Code.Aborted);
  }

  async #read(subject: string, untilNs: number): Promise<{ offset: number; revision: number }> {
    const stored = await readStored(
      this.#nc,
      { stream: "cursors", where: { last_by_subj: subject } },
      leftMs({ untilNs }),
    );
    if (stored === undefined) return { offset: 0, revision: 0 };
    return { offset: Number(stored.data.toString("utf8")), revision: stored.sequence };
  }

  async #write(subject: string, next: { offset: number; revision: number }, untilNs: number): Promise<boolean> {
    const headers = { "Nats-Expected-Last-Subject-Sequence": String(next.revision) };
    try {
      await publish(this.#nc, { subject, data: String(next.offset) }, { timeoutMs: leftMs({ untilNs }), headers });
      return true;
    } catch (thrown) {
      if (thrown instanceof StoreRefusal && thrown.code === refusalCodes.wrongLastSequence) return false;
      throw thrown;
    }
  }
}

/** A consumer name is used unchanged or refused: two names must never share a cursor. A peer zone's name has a dot. */
function subjectOf(consumer: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(consumer) && zoneOfReader(consumer) === undefined)
    throw new ConnectError("consumer_name must match [A-Za-z0-9_-]{1,64}", Code.InvalidArgument);
  return `cursors.${consumer}`;
}
