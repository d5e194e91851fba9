// How far this zone has read the peer's log. Durable in this zone's own quorum, and moved by compare-and-set only, so
// that a controller that is no longer active cannot move it.

import { type NatsConnection, publish, readStored } from "../../local/store.ts";

export interface Position {
  /** The logs that it is valid for; another log on either side makes it void. */
  peerLog: string;
  ownLog: string;
  /** Offset in the peer's log up to which everything is stored here. */
  offset: number;
  /** This zone or the peer was rebuilt, so facts of every origin are read; false once the end was reached. */
  isReplay: boolean;
}

export class PositionStore {
  readonly #nc: NatsConnection;
  readonly #subject: string;
  #revision = 0;

  constructor(nc: NatsConnection, peerZoneId: string) {
    this.#nc = nc;
    this.#subject = `cursors.pulled.${peerZoneId}`;
  }

  async read(timeoutMs: number): Promise<Position | undefined> {
    const place = { stream: "cursors", where: { last_by_subj: this.#subject } };
    const stored = await readStored(this.#nc, place, timeoutMs);
    this.#revision = stored?.sequence ?? 0;
    return stored && (JSON.parse(stored.data.toString("utf8")) as Position);
  }

  /** @throws StoreRefusal when another controller has moved it since it was read. */
  async write(position: Position, timeoutMs: number): Promise<void> {
    const headers = { "Nats-Expected-Last-Subject-Sequence": String(this.#revision) };
    const message = { subject: this.#subject, data: JSON.stringify(position) };
    this.#revision = (await publish(this.#nc, message, { timeoutMs, headers })).sequence;
  }
}
