// The six gates by name, collected from the checks.

import { nowNs } from "#base/clock.ts";
import type { NodeFile } from "#topology/render-node.ts";
import { type GateName, gateNames } from "#spec/zone-spec.ts";
import { type Gate, readWord } from "../local/files.ts";
import { paths } from "../local/paths.ts";
import { CertificateCheck } from "./certificate-check.ts";
import { JetstreamCheck } from "./jetstream-check.ts";
import type { Lease } from "./lease.ts";
import type { Reach } from "./reach.ts";
import { StorageCheck } from "./storage-check.ts";
import type { Vip } from "./vip.ts";

/**
 * How much longer a node waits for an answer that has the VIP and wants the lease. A frozen node that thaws may make
 * the servers elect twice. To give the VIP up would only cost another takeover.
 */
const promotingWaitMs = 10_000;

/** How long the quorum gate stays open without an answer, while another server can be reached. */
export function quorumWaitMs(of: { honourMs: number; isHolder: boolean; role: string | undefined }): number {
  const isPromoting = !of.isHolder && of.role === "MASTER";
  return of.honourMs + (isPromoting ? promotingWaitMs : 0);
}

/** A failed bind keeps the node from claiming the VIP this long, so that the other one can take it. */
const bindCoolNs = 10e9;

export class Gates {
  readonly #node: NodeFile;
  readonly #vip: Vip;
  readonly #reach: Reach;
  readonly #lease: Lease;
  readonly jetstream = new JetstreamCheck();
  readonly storage = new StorageCheck(paths.artifacts);
  readonly certificate: CertificateCheck;
  #bindFailure = { code: "", atNs: Number.NEGATIVE_INFINITY };

  constructor(options: { node: NodeFile; vip: Vip; reach: Reach; lease: Lease }) {
    this.#node = options.node;
    this.#vip = options.vip;
    this.#reach = options.reach;
    this.#lease = options.lease;
    this.certificate = new CertificateCheck(paths.certificates, options.node.spec.certificate);
  }

  bindFailed(code: string): void {
    this.#bindFailure = { code, atNs: nowNs() };
  }

  /** All six, in the order of the contract. */
  all(): Gate[] {
    return gateNames.map((name) => ({ name, ...this.#stateOf(name) }));
  }

  #stateOf(name: GateName): { isOpen: boolean; why: string } {
    switch (name) {
      case "vip":
        return this.#vipState();
      case "quorum":
        return this.#quorumState();
      case "bind":
        return this.#bindState();
      default: {
        const { isOpen, why } = this[name];
        return { isOpen, why };
      }
    }
  }

  #vipState(): { isOpen: boolean; why: string } {
    const role = readWord(paths.role);
    if (role !== "MASTER") return { isOpen: false, why: `role ${role}` };
    return this.#vip.isPresent ? { isOpen: true, why: "" } : { isOpen: false, why: "address not on this node" };
  }

  #quorumState(): { isOpen: boolean; why: string } {
    if (!this.#reach.isOpen) return { isOpen: false, why: "no peer answers" };
    const { honourMs } = this.#node.spec.lease;
    const waitMs = quorumWaitMs({ honourMs, isHolder: this.#lease.isHolder, role: readWord(paths.role) });
    if (nowNs() - this.#lease.provenNs < waitMs * 1e6) return { isOpen: true, why: "" };
    return { isOpen: false, why: `no quorum answer in ${waitMs} ms` };
  }

  #bindState(): { isOpen: boolean; why: string } {
    if (nowNs() - this.#bindFailure.atNs >= bindCoolNs) return { isOpen: true, why: "" };
    return { isOpen: false, why: `bind failed: ${this.#bindFailure.code}` };
  }
}
