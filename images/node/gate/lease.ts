// The lease: one key in a quorum-backed stream that names the node that may act. The holder renews and releases; the
// other node watches and takes. No NATS here: a LeaseStore does the two operations, so that tests can use a false one.

import { randomUUID } from "node:crypto";
import { nowNs } from "#base/clock.ts";
import type { LeaseSpec } from "#spec/zone-spec.ts";

export interface LeaseValue {
  /** The node that may act; null after a clean release. */
  holder: string | null;
  /** Grows with each change of holder. */
  epoch: number;
  /** Unique in every write: tells our own write, whose answer was lost, from a write of the other node. */
  id: string;
  /** The node that wrote this. */
  by: string;
  /** In a release: for how long that node had certainly not acted when it wrote this. */
  idleMs?: number;
}

export interface LeaseStore {
  /** The newest value through the stream's leader; undefined: never written. Rejects when no answer comes in time. */
  read(): Promise<{ revision: number; value: LeaseValue } | undefined>;
  /**
   * Stores `value` if the newest revision is `revision` (0: none). Resolves with the new revision, or undefined when
   * there is another revision. Rejects when no answer comes in time; the value may have been stored.
   */
  write(value: LeaseValue, revision: number): Promise<number | undefined>;
}

interface Seen {
  revision: number;
  value: LeaseValue | undefined;
  /** When this revision was first seen. */
  sinceNs: number;
}

export class Lease {
  readonly #name: string;
  readonly #spec: LeaseSpec;
  readonly #store: LeaseStore;
  readonly #clockNs: () => number;
  #seen: Seen | undefined;
  #isHolder = false;
  /** Grows with each drop: an answer that arrives after a drop must not restore the lease. */
  #term = 0;
  #untilNs = 0;
  #epoch = 0;
  /** Writes without an answer yet: id to the time before they were sent. Bounded by `pendingMax`. */
  readonly #pending = new Map<string, number>();
  #peerActiveNs = Number.NEGATIVE_INFINITY;
  #peerRenewedNs = Number.NEGATIVE_INFINITY;
  /** Since when this node has certainly not acted, while its lease may still be stored. */
  #idleSinceNs: number | undefined;
  #provenNs = Number.NEGATIVE_INFINITY;
  #wroteNs = Number.NEGATIVE_INFINITY;

  constructor(options: { name: string; spec: LeaseSpec; store: LeaseStore; clockNs?: () => number }) {
    this.#name = options.name;
    this.#spec = options.spec;
    this.#store = options.store;
    this.#clockNs = options.clockNs ?? nowNs;
  }

  /** Until when this node may act, CLOCK_MONOTONIC ns; 0: it may not. */
  get untilNs(): number {
    return this.#isHolder ? this.#untilNs : 0;
  }

  get isHolder(): boolean {
    return this.#isHolder;
  }

  /** The last time that the other node may have been active, by its renewals and releases. */
  get peerActiveNs(): number {
    return this.#peerActiveNs;
  }

  /** The last renewal by the other node that was seen to be new. */
  get peerRenewedNs(): number {
    return this.#peerRenewedNs;
  }

  /** When the last answered operation was sent. A leader that is cut off still answers reads for seconds. */
  get provenNs(): number {
    return this.#provenNs;
  }

  /** When the last write that a quorum acknowledged was sent: the only proof of a quorum. */
  get wroteNs(): number {
    return this.#wroteNs;
  }

  /** Reads the newest value. Rejects when no answer comes. */
  async watch(): Promise<void> {
    const sentNs = this.#clockNs();
    const found = await this.#store.read();
    this.#provenNs = sentNs;
    this.#see(found?.revision ?? 0, found?.value);
  }

  /** Takes the lease if that is safe now; true when this node holds it. Reads it first. */
  async take(): Promise<boolean> {
    if (this.#isHolder) return true;
    await this.watch();
    if (!this.#mayTake()) return false;
    return this.#write({ holder: this.#name, epoch: (this.#seen?.value?.epoch ?? 0) + 1 });
  }

  /** Renews. False when the lease is certainly lost; a rejection leaves it as it was. */
  async renew(): Promise<boolean> {
    if (!this.#isHolder) return false;
    return this.#write({ holder: this.#name, epoch: this.#epoch });
  }

  /** This node stops acting on the lease at once. The stored value stays. */
  drop(): void {
    this.#term++;
    this.#isHolder = false;
    this.#untilNs = 0;
  }

  /** A release had no answer, so the lease may still be stored as this node's. */
  get isLeft(): boolean {
    return this.#idleSinceNs !== undefined;
  }

  /**
   * Stores that no node holds it, if the stored value is still ours. Nothing of this node may act any more. Rejects
   * when no answer comes: then call it again.
   */
  async release(): Promise<void> {
    this.drop();
    this.#idleSinceNs ??= this.#clockNs();
    await this.watch();
    const value = this.#seen?.value;
    if (value?.holder === this.#name && this.#seen !== undefined) {
      const idleMs = Math.floor((this.#clockNs() - this.#idleSinceNs) / 1e6);
      const released = { holder: null, epoch: value.epoch, id: randomUUID(), by: this.#name, idleMs };
      // An earlier renewal may have come in between. The next call sees it.
      if ((await this.#store.write(released, this.#seen.revision)) === undefined) return;
      this.#pending.clear();
    }
    this.#idleSinceNs = undefined;
  }

  #mayTake(): boolean {
    const seen = this.#seen;
    if (seen === undefined) return false;
    const holder = seen.value?.holder ?? null;
    // A lease of this node's earlier program is free: this program stopped the controller before it got here.
    if (holder === null || holder === this.#name) return true;
    return this.#clockNs() - seen.sinceNs >= this.#spec.takeMs * 1e6;
  }

  async #write(next: { holder: string; epoch: number }): Promise<boolean> {
    const id = randomUUID();
    const term = this.#term;
    const sentNs = this.#clockNs();
    this.#remember(id, sentNs);
    const value = { ...next, id, by: this.#name };
    const revision = await this.#store.write(value, this.#seen?.revision ?? 0);
    this.#provenNs = sentNs;
    if (revision !== undefined) this.#wroteNs = sentNs;
    if (revision !== undefined) return this.#hold({ revision, value }, sentNs, term);
    // Another write is stored. It may be one of ours whose answer never came.
    const found = await this.#store.read();
    const earlierNs = found && this.#pending.get(found.value.id);
    if (found && earlierNs !== undefined) return this.#hold(found, earlierNs, term);
    this.drop();
    this.#see(found?.revision ?? 0, found?.value);
    return false;
  }

  #hold(stored: { revision: number; value: LeaseValue }, sentNs: number, term: number): boolean {
    const { revision, value } = stored;
    this.#pending.clear();
    if (term !== this.#term) {
      this.#see(revision, value);
      return false;
    }
    this.#isHolder = true;
    this.#idleSinceNs = undefined;
    this.#epoch = value.epoch;
    this.#untilNs = sentNs + this.#spec.honourMs * 1e6;
    this.#see(revision, value);
    return true;
  }

  #see(revision: number, value: LeaseValue | undefined): void {
    if (this.#seen?.revision === revision) return;
    const isFirst = this.#seen === undefined;
    const atNs = this.#clockNs();
    this.#seen = { revision, value, sinceNs: atNs };
    if (value === undefined || value.by === this.#name) return;
    this.#peerActiveNs = Math.max(this.#peerActiveNs, atNs - (value.idleMs ?? 0) * 1e6);
    // At the first read the age of the value is unknown, so it does not count as a renewal.
    if (!isFirst && value.holder !== null) this.#peerRenewedNs = atNs;
  }

  #remember(id: string, sentNs: number): void {
    this.#pending.set(id, sentNs);
    const oldest = this.#pending.keys().next().value;
    if (this.#pending.size > pendingMax && oldest !== undefined) this.#pending.delete(oldest);
  }
}

/** More unanswered renewals than fit into the honoured time; older ones cannot matter. */
const pendingMax = 64;
