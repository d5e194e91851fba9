// May this node claim the VIP? Turns the local gates and the sight of the peer into the verdict keepalived tracks.
// Pure: all it knows it is told.

import type { NodeFile } from "#topology/render-node.ts";
import type { Gate } from "../local/files.ts";

export interface Sight {
  nowNs: number;
  gates: Gate[];
  role: string;
  isActive: boolean;
  /** The peer's last heartbeat on the control segment, and what it said. */
  peer: { heardNs: number; role: string; isOpen: boolean };
  /** The peer's last renewal of the lease that was seen. */
  peerRenewedNs: number;
  /** The node has just been active, or a bind failed: it leaves the VIP to the other one until then. */
  coolUntilNs: number;
}

/** Silence on the control segment that counts, shorter than VRRP's own: 2.5 s against 3.4 s or more. */
const peerSilentNs = 2.5e9;
/** A lease renewed this recently is held by a living peer: three renewals. */
const renewedRecentlyNs = 1.5e9;
/** How long the node of lower priority lets the other one go first after a boot. */
const coldWaitNs = 3e9;
const withoutPeerNs = 2e9;

export class Claim {
  readonly #node: NodeFile;
  #isWarm: boolean;
  #openSinceNs = Number.POSITIVE_INFINITY;

  constructor(node: NodeFile) {
    this.#node = node;
    const { priority } = node.spec.vrrp;
    // As VRRP itself decides it: of equal priorities the higher address wins, which is beta's.
    this.#isWarm = node.name === "beta" ? priority.beta >= priority.alpha : priority.alpha > priority.beta;
  }

  /** Empty: it may. Otherwise why not. */
  whyNot(sight: Sight): string {
    const closed = sight.gates.filter((gate) => gate.name !== "vip" && !gate.isOpen);
    if (closed.length > 0) {
      this.#openSinceNs = Number.POSITIVE_INFINITY;
      return closed.map((gate) => `${gate.name}: ${gate.why}`).join("; ");
    }
    this.#openSinceNs = Math.min(this.#openSinceNs, sight.nowNs);
    if (sight.nowNs < sight.coolUntilNs) return "leaving the VIP to the other node";
    if (this.#isAlone(sight)) return "the peer is gone";
    if (sight.isActive || sight.role === "MASTER") return "";
    if (this.#isControlCut(sight)) return "the peer is active and VRRP does not reach it";
    return this.#isStillCold(sight) ? "letting the node of higher priority go first" : "";
  }

  /** The control segment is cut and the peer lives: taking the VIP now would only make two owners. */
  #isControlCut(sight: Sight): boolean {
    const isSilent = sight.nowNs - sight.peer.heardNs > peerSilentNs;
    return isSilent && sight.nowNs - sight.peerRenewedNs < renewedRecentlyNs;
  }

  #isAlone(sight: Sight): boolean {
    if (!this.#node.spec.demotesWithoutPeer || !Number.isFinite(sight.peer.heardNs)) return false;
    return sight.nowNs - sight.peer.heardNs > withoutPeerNs;
  }

  #isStillCold(sight: Sight): boolean {
    const isPeerUp = sight.nowNs - sight.peer.heardNs < 1e9 && (sight.peer.isOpen || sight.peer.role === "MASTER");
    this.#isWarm ||= isPeerUp || sight.nowNs - this.#openSinceNs > coldWaitNs;
    return !this.#isWarm;
  }
}
