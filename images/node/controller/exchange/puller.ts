// Pulls the peer zone's facts: a page after this zone's own stored position, its artifacts, put if absent, the position moved, the
// page confirmed. Effectively once: what was stored and not yet noted is recognised when it comes again. It runs in the
// active controller only, looks at the lease before it writes, and ends with the process at a demotion.
// docs/decisions/0019-pairs.md and 0020-replay.md say why it is so.

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
/** After trouble: the peer may be away for days, and is asked again in short steps. */
const retryMs = 300;
/** The same trouble is told once in this time. */
const quietNs = 10e9;

export interface PullerParts {
  zoneId: string;
  peer: PeerZone;
  ownLog: OwnLog;
  client: PeerClient;
  positions: PositionStore;
  imports: Imports;
  /** Absent: none are fetched, in a seeded wrong zone. */
  copies?: ArtifactCopies;
}

export class Puller {
  readonly #parts: PullerParts;
  #position: Position | undefined;
  #told = { why: "", atNs: Number.NEGATIVE_INFINITY };

  constructor(parts: PullerParts) {
    this.#parts = parts;
  }

  /** For ever; nothing that the peer does ends it. */
  async run(): Promise<never> {
    for (;;) {
      try {
        if (!isLeaseValid()) await delay(retryMs);
        else if (!(await this.#round())) await delay(this.#parts.peer.exchange.idleMs);
      } catch (thrown) {
        // What was done of this round is not known: begin again from what is noted.
        this.#position = undefined;
        this.#tell(messageOf(thrown));
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
    // A last page that was stored and not confirmed comes again.
    else if (facts.length > 0) await client.confirm(name, position.offset);
    if (position.isReplay && facts.length < peer.exchange.pageFacts) await this.#endReplay(position);
    return facts.length > 0;
  }

  async #store(facts: readonly StoredFact[], position: Position): Promise<void> {
    const { imports, copies } = this.#parts;
    this.#refuseForeign(facts, position);
    await copies?.fetchFor(facts);
    await imports.store(facts, isLeaseValid);
    position.offset = Number(facts.at(-1)!.offset);
    await this.#note(position);
  }

  /** First here, then there: the peer may forget what is confirmed. */
  async #note(position: Position): Promise<void> {
    const { positions, peer } = this.#parts;
    if (!isLeaseValid()) throw new Error("this node is not active");
    if (peer.exchange.isPositionKept) await positions.write(position, storeTimeoutMs);
    await this.#parts.client.confirm(this.#nameFor(position), position.offset);
  }

  /** Facts of the peer itself; at a replay also those that went there from here. */
  #refuseForeign(facts: readonly StoredFact[], { isReplay }: Position): void {
    const { peer, zoneId } = this.#parts;
    const known = isReplay ? [peer.zoneId, zoneId] : [peer.zoneId];
    const stranger = facts.find(({ envelope }) => !known.includes(envelope?.fromZone ?? ""));
    if (stranger) throw new Error(`the peer offers a fact of ${stranger.envelope?.fromZone} at ${stranger.offset}`);
  }

  /** The noted position, or one that no log fits. */
  async #noted(): Promise<Position> {
    const ownLog = await this.#parts.ownLog.id(storeTimeoutMs);
    const noted = await this.#parts.positions.read(storeTimeoutMs);
    if (noted && (noted.ownLog === ownLog || !this.#parts.peer.exchange.isReplayed)) return noted;
    return { peerLog: "", ownLog, offset: 0, isReplay: true };
  }

  /** One of the two zones is new: everything is read once, and what is here is left out. */
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

  #tell(why: string): void {
    if (why === this.#told.why && nowNs() - this.#told.atNs < quietNs) return;
    this.#told = { why, atNs: nowNs() };
    log(`cannot pull from ${this.#parts.peer.zoneId}: ${why}`);
  }
}
