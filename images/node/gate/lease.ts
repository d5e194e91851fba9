// The lease: one key in a quorum-backed stream that says who may act. Holder side (renew, release) and taker side
// (watch, take). Pure of NATS: a LeaseStore does the two operations, so that this can be tried with a store of lies.

import { randomUUID } from "node:crypto";
import { nowNs } from "#base/clock.ts";
import type { LeaseSpec } from "#spec/zone-spec.ts";

export interface LeaseValue {
  /** Who may act; null after a clean release. */
  holder: string | null;
  /** Grows with each change of holder. */
  epoch: number;
  /** Unique in every write: tells a write of ours whose answer was lost from a theft. */
  id: string;
  /** Who wrote this. */
  by: string;
}

export interface LeaseStore {
  /** The newest value through the stream's leader; undefined: never written. Rejects when nobody answers in time. */
  read(): Promise<{ revision: number; value: LeaseValue } | undefined>;
  /**
   * Stores `value` if the newest revision is `revision` (0: none). Resolves with the new revision, or undefined when
   * another revision stands there. Rejects when nobody answers in time: it may have been stored.
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
  /** Grows with each drop: an answer that comes after a drop must not bring the lease back. */
  #term = 0;
  #untilNs = 0;
  #epoch = 0;
  /** Writes whose answer is still out: id to the time before they were sent. Bounded by `pendingMax`. */
  readonly #pending = new Map<string, number>();
  #peerActiveNs = Number.NEGATIVE_INFINITY;
  #peerRenewedNs = Number.NEGATIVE_INFINITY;
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

  /** The last sign that the other node was active: a renewal or a release by it. */
  get peerActiveNs(): number {
    return this.#peerActiveNs;
  }

  /** The last renewal by the other node that was seen to be new. */
  get peerRenewedNs(): number {
    return this.#peerRenewedNs;
  }

  /** When the last operation that was answered was sent. A stream's leader that is cut off answers reads for seconds. */
  get provenNs(): number {
    return this.#provenNs;
  }

  /** When the last write that a quorum acknowledged was sent: the only proof that there is one. */
  get wroteNs(): number {
    return this.#wroteNs;
  }

  /** In words, for `why` and the log. */
  get holder(): string | null {
    return this.#seen?.value?.holder ?? null;
  }

  /** Looks at the newest value. Rejects when nobody answers. */
  async watch(): Promise<void> {
    const sentNs = this.#clockNs();
    const found = await this.#store.read();
    this.#provenNs = sentNs;
    this.#see(found?.revision ?? 0, found?.value);
  }

  /** Takes the lease if that is safe now; true when this node holds it. Looks first. */
  async take(): Promise<boolean> {
    if (this.#isHolder) return true;
    await this.watch();
    if (!this.#mayTake()) return false;
    return this.#write({ holder: this.#name, epoch: (this.#seen?.value?.epoch ?? 0) + 1 });
  }

  /** Renews. False when the lease is lost for certain; a rejection leaves it as it was. */
  async renew(): Promise<boolean> {
    if (!this.#isHolder) return false;
    return this.#write({ holder: this.#name, epoch: this.#epoch });
  }

  /** Stops honouring at once. The stored value stays. */
  drop(): void {
    this.#term++;
    this.#isHolder = false;
    this.#untilNs = 0;
  }

  /** Tells everybody that nobody holds it, if the stored value is still ours. */
  async release(): Promise<void> {
    this.drop();
    await this.watch();
    const value = this.#seen?.value;
    if (value?.holder !== this.#name || this.#seen === undefined) return;
    await this.#store.write(
      { holder: null, epoch: value.epoch, id: randomUUID(), by: this.#name },
      this.#seen.revision,
    );
    this.#pending.clear();
  }

  #mayTake(): boolean {
    const seen = this.#seen;
    if (seen === undefined) return false;
    const holder = seen.value?.holder ?? null;
    // Our own former life is certainly over: this program stopped its controller before it got here.
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
    // Somebody's write stands there. It may be one of ours whose answer never came.
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
    this.#peerActiveNs = atNs;
    // At the first look nobody knows how old the value is: it is no renewal.
    if (!isFirst && value.holder !== null) this.#peerRenewedNs = atNs;
  }

  #remember(id: string, sentNs: number): void {
    this.#pending.set(id, sentNs);
    const oldest = this.#pending.keys().next().value;
    if (this.#pending.size > pendingMax && oldest !== undefined) this.#pending.delete(oldest);
  }
}

/** More unanswered renewals than fit into the longest honoured time; older ones cannot matter. */
const pendingMax = 64;
