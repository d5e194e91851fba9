// The six gates by name, collected from the checks. What is not looked at (a seeded wrong zone) counts as open.

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

/** How long a failed bind keeps the node from claiming the VIP: long enough for the other one to take it. */
const bindCoolNs = 10e9;

export class Gates {
  readonly #node: NodeFile;
  readonly #vip: Vip;
  readonly #reach: Reach;
  readonly #lease: Lease | undefined;
  readonly jetstream = new JetstreamCheck();
  readonly storage = new StorageCheck(paths.artifacts);
  readonly certificate: CertificateCheck;
  #bindFailure = { code: "", atNs: Number.NEGATIVE_INFINITY };

  constructor(options: { node: NodeFile; vip: Vip; reach: Reach; lease: Lease | undefined }) {
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
    return gateNames.map((name) => {
      const gate = { name, ...this.#look(name) };
      if (!this.#node.spec.uncheckedGates.includes(name)) return gate;
      return { name, isOpen: true, why: "not looked at" };
    });
  }

  #look(name: GateName): { isOpen: boolean; why: string } {
    switch (name) {
      case "vip":
        return this.#lookVip();
      case "quorum":
        return this.#lookQuorum();
      case "bind":
        return this.#lookBind();
      default: {
        const { isOpen, why } = this[name];
        return { isOpen, why };
      }
    }
  }

  #lookVip(): { isOpen: boolean; why: string } {
    const role = readWord(paths.role);
    if (role !== "MASTER") return { isOpen: false, why: `role ${role}` };
    return this.#vip.isPresent ? { isOpen: true, why: "" } : { isOpen: false, why: "address not on this node" };
  }

  #lookQuorum(): { isOpen: boolean; why: string } {
    if (!this.#reach.isOpen) return { isOpen: false, why: "no peer answers" };
    if (this.#lease === undefined) return { isOpen: true, why: "" };
    const { honourMs } = this.#node.spec.lease;
    if (nowNs() - this.#lease.provenNs < honourMs * 1e6) return { isOpen: true, why: "" };
    return { isOpen: false, why: `no quorum answer in ${honourMs} ms` };
  }

  #lookBind(): { isOpen: boolean; why: string } {
    if (nowNs() - this.#bindFailure.atNs >= bindCoolNs) return { isOpen: true, why: "" };
    return { isOpen: false, why: `bind failed: ${this.#bindFailure.code}` };
  }
}
