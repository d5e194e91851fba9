// Pulls the peer zone's facts. One round: read a page after this zone's stored position, fetch its artifacts, put its
// facts if absent, move the position, confirm the page. Effectively once: a fact that was stored before the position
// moved is recognised when it comes again. It runs in the active controller only, checks the lease before it writes,
// and ends with the process at a demotion. Reasons: docs/decisions/0019-pairs.md and 0020-replay.md.

import { delay, nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { PeerZone } from "#topology/render-node.ts";
import type { StoredFact } from "../../gen/bsfg_pb.ts";
import { isLeaseValid } from "../../local/files.ts";
import { log } from "../../local/log.ts";
import type { ArtifactCopies } from "./artifact-copies.ts";
import type { Imports } from "./imports.ts";
import { everything, type OwnLog, readerName } from "./logs.ts";
import type { PeerClient } from "./peer-client.ts";
import type { Position, PositionStore } from "./position.ts";

const storeTimeoutMs = 5_000;
/** After an error. The peer may be away for days; short steps notice its return soon. */
const retryMs = 300;
/** The same error is logged once in this time. */
const quietNs = 10e9;

export interface PullerParts {
  zoneId: string;
  peer: PeerZone;
  ownLog: OwnLog;
  client: PeerClient;
  positions: PositionStore;
  imports: Imports;
  copies: ArtifactCopies;
}

export class Puller {
  readonly #parts: PullerParts;
  #position: Position | undefined;
  #logged = { why: "", atNs: Number.NEGATIVE_INFINITY };

  constructor(parts: PullerParts) {
    this.#parts = parts;
  }

  /** Runs for ever; no error of the peer ends it. */
  async run(): Promise<never> {
    for (;;) {
      try {
        if (!isLeaseValid()) await delay(retryMs);
        else if (!(await this.#round())) await delay(this.#parts.peer.exchange.idleMs);
      } catch (thrown) {
        // How much of this round was done is unknown: start again from the stored position.
        this.#position = undefined;
        this.#logOnce(messageOf(thrown));
        await delay(retryMs);
      }
    }
  }

  /** One page. @returns false when there was nothing new. */
  async #round(): Promise<boolean> {
    const { client, peer } = this.#parts;
    const position = (this.#position ??= await this.#noted());
    if (position.isReplay) await this.#parts.imports.learnIds();
    const name = this.#nameFor(position);
    const { facts, logId } = await client.fetchFacts(name, peer.exchange.pageFacts);
    if (logId !== position.peerLog) {
      await this.#beginReplay(logId);
      return true;
    }
    const fresh = facts.filter((fact) => Number(fact.offset) > position.offset);
    if (fresh.length > 0) await this.#store(fresh, position);
    // The last page was stored and not confirmed, so it came again.
    else if (facts.length > 0) await client.confirm(name, position.offset);
    if (position.isReplay && facts.length < peer.exchange.pageFacts) await this.#endReplay(position);
    return facts.length > 0;
  }

  async #store(facts: readonly StoredFact[], position: Position): Promise<void> {
    const { imports, copies } = this.#parts;
    this.#refuseForeign(facts, position);
    await copies.fetchFor(facts);
    await imports.store(facts, isLeaseValid);
    position.offset = Number(facts.at(-1)!.offset);
    await this.#note(position);
  }

  /** Stores the position here first: the peer may forget what is confirmed. */
  async #note(position: Position): Promise<void> {
    const { positions } = this.#parts;
    if (!isLeaseValid()) throw new Error("this node is not active");
    await positions.write(position, storeTimeoutMs);
    await this.#parts.client.confirm(this.#nameFor(position), position.offset);
  }

  /** Accepts facts of the peer; at a replay also facts of this zone that the peer holds. */
  #refuseForeign(facts: readonly StoredFact[], { isReplay }: Position): void {
    const { peer, zoneId } = this.#parts;
    const known = isReplay ? [peer.zoneId, zoneId] : [peer.zoneId];
    const foreign = facts.find(({ envelope }) => !known.includes(envelope?.fromZone ?? ""));
    if (foreign) throw new Error(`the peer offers a fact of ${foreign.envelope?.fromZone} at ${foreign.offset}`);
  }

  /** The stored position, or one that matches no log. */
  async #noted(): Promise<Position> {
    const ownLog = await this.#parts.ownLog.id(storeTimeoutMs);
    const noted = await this.#parts.positions.read(storeTimeoutMs);
    if (noted?.ownLog === ownLog) return noted;
    return { peerLog: "", ownLog, offset: 0, isReplay: true };
  }

  /** One of the two zones is new: reads everything once and leaves out the facts that are here. */
  async #beginReplay(peerLog: string): Promise<void> {
    const ownLog = await this.#parts.ownLog.id(storeTimeoutMs);
    this.#position = { peerLog, ownLog, offset: 0, isReplay: true };
    log(`reads all of ${this.#parts.peer.zoneId}, log ${peerLog}`);
  }

  async #endReplay(position: Position): Promise<void> {
    const { imports, peer } = this.#parts;
    const ended = { ...position, isReplay: false };
    await this.#note(ended);
    this.#position = ended;
    imports.forgetIds();
    log(`has all of ${peer.zoneId} up to offset ${ended.offset}`);
  }

  #nameFor({ ownLog, peerLog, isReplay }: Position): string {
    const name = readerName(this.#parts.zoneId, { own: ownLog, peer: peerLog });
    return isReplay ? `${name}${everything}` : name;
  }

  #logOnce(why: string): void {
    if (why === this.#logged.why && nowNs() - this.#logged.atNs < quietNs) return;
    this.#logged = { why, atNs: nowNs() };
    log(`cannot pull from ${this.#parts.peer.zoneId}: ${why}`);
  }
}
