// May this node claim the VIP? Turns the local gates and the state of the peer node into the verdict that keepalived
// tracks. Pure: everything it knows is an argument.

import type { NodeFile } from "#topology/render-node.ts";
import type { Gate } from "../local/files.ts";

export interface Situation {
  nowNs: number;
  gates: Gate[];
  role: string;
  isActive: boolean;
  /** The peer node's last heartbeat on the control segment, and its content. */
  peer: { heardNs: number; role: string; isOpen: boolean };
  /** When keepalived last received an advert, or began to listen. */
  advertNs: number;
  /** The last renewal of the lease by the peer node that this node saw. */
  peerRenewedNs: number;
  /** Until then the node leaves the VIP to the other one: it was active, or a bind failed. */
  coolUntilNs: number;
}

/** Silence on the control segment that counts. Shorter than VRRP's own: 2.5 s against 3.4 s or more. */
const peerSilentNs = 2.5e9;
/** A living peer node holds a lease that was renewed this recently: three renewals. */
const renewedRecentlyNs = 1.5e9;
/** Adverts come once a second. Shorter than VRRP waits before it takes over, by more than the gate program needs. */
const advertSilentNs = 2.5e9;
/** So long the standby then leaves VRRP alone. Afterwards keepalived listens again, as it does not in FAULT. */
const deafNs = 5e9;
/** After a boot, the node of lower priority lets the other one go first for this long. */
const coldWaitNs = 3e9;

export class Eligibility {
  #isWarm: boolean;
  #openSinceNs = Number.POSITIVE_INFINITY;
  #deafUntilNs = 0;
  /** Since when the peer's heartbeat says MASTER without a break. No node sends adverts before that. */
  #peerMasterSinceNs = Number.POSITIVE_INFINITY;

  constructor(node: NodeFile) {
    const { priority } = node.spec.vrrp;
    // The rule of VRRP: of equal priorities the higher address wins, which is beta's.
    this.#isWarm = node.name === "beta" ? priority.beta >= priority.alpha : priority.alpha > priority.beta;
  }

  /** Why this node may not claim the VIP; empty when it may. */
  whyNot(situation: Situation): string {
    const closed = situation.gates.filter((gate) => gate.name !== "vip" && !gate.isOpen);
    if (closed.length > 0) {
      this.#openSinceNs = Number.POSITIVE_INFINITY;
      return closed.map((gate) => `${gate.name}: ${gate.why}`).join("; ");
    }
    this.#openSinceNs = Math.min(this.#openSinceNs, situation.nowNs);
    if (situation.nowNs < situation.coolUntilNs) return "leaving the VIP to the other node";
    if (situation.isActive || situation.role === "MASTER") return "";
    if (isControlCut(situation)) return "the peer is active and VRRP does not reach it";
    if (this.#isDeaf(situation)) return "the peer is active and its adverts do not arrive";
    return this.#isStillCold(situation) ? "letting the node of higher priority go first" : "";
  }

  /** Its heartbeat arrives and says MASTER, its lease is renewed, but VRRP hears nothing: a filter drops VRRP alone. */
  #isDeaf({ nowNs, role, peer, peerRenewedNs, advertNs }: Situation): boolean {
    const isPeerMaster = peer.role === "MASTER" && nowNs - peer.heardNs < peerSilentNs;
    this.#peerMasterSinceNs = isPeerMaster ? Math.min(this.#peerMasterSinceNs, nowNs) : Number.POSITIVE_INFINITY;
    if (!isPeerMaster || nowNs - peerRenewedNs >= renewedRecentlyNs) return false;
    const silentSinceNs = Math.max(advertNs, this.#peerMasterSinceNs);
    if (role === "BACKUP" && nowNs - silentSinceNs > advertSilentNs) this.#deafUntilNs = nowNs + deafNs;
    return nowNs < this.#deafUntilNs;
  }

  #isStillCold({ nowNs, peer }: Situation): boolean {
    const isPeerUp = nowNs - peer.heardNs < 1e9 && (peer.isOpen || peer.role === "MASTER");
    this.#isWarm ||= isPeerUp || nowNs - this.#openSinceNs > coldWaitNs;
    return !this.#isWarm;
  }
}

/** The control segment is cut and the peer node lives: to take the VIP now would only make two owners. */
function isControlCut({ nowNs, peer, peerRenewedNs }: Situation): boolean {
  return nowNs - peer.heardNs > peerSilentNs && nowNs - peerRenewedNs < renewedRecentlyNs;
}
