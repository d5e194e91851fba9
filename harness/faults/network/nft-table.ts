// A table of nftables rules in a node's own network namespace. Its name removes it, and its counters prove that the
// rules meet packets. The netdev family is used: its two hooks see every packet of an interface before IP does.

import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { inNet, tryInNet } from "../run-in-net.ts";

const proofDeadlineMs = 5_000;

export interface Chain {
  hook: "ingress" | "egress";
  device: string;
  rules: string[];
}

export class NftTable {
  readonly #zone: StartedZone;
  readonly #node: NodeName;
  readonly #name: string;

  /** @param name letters, digits and "_" */
  constructor(zone: StartedZone, node: NodeName, name: string) {
    this.#zone = zone;
    this.#node = node;
    this.#name = `netdev triad_${name}`;
  }

  /** Replaces a table of that name. */
  async install(chains: Chain[]): Promise<void> {
    const body = chains.map(
      ({ hook, device, rules }, place) =>
        `chain ${hook}_${place} { type filter hook ${hook} device "${device}" priority -400; ${rules.join("; ")}; };`,
    );
    // "add" before "delete" makes the delete succeed whether or not the table exists.
    const fresh = `add table ${this.#name}; delete table ${this.#name};`;
    await this.#nft(`${fresh} table ${this.#name} { ${body.join(" ")} };`);
  }

  /** Waits until a counter is above 0. @returns the packets counted. @throws HarnessError `fault/no-effect` */
  untilCounted(what: string): Promise<number> {
    return pollUntil(
      async () => {
        const packets = await this.#counted();
        return packets > 0 ? { done: packets } : { saw: "0 packets" };
      },
      { what, deadlineMs: proofDeadlineMs, intervalMs: 50, code: "fault/no-effect" },
    );
  }

  /** Idempotent. @throws HarnessError `fault/not-undone` when the table is still there */
  async remove(): Promise<void> {
    await this.#nft(`add table ${this.#name}; delete table ${this.#name}`);
    const { code } = await tryInNet(this.#zone, this.#node, ["nft", "list", "table", ...this.#name.split(" ")]);
    if (code === 0) throw new HarnessError("fault/not-undone", `${this.#name} of ${this.#node} is still installed`);
  }

  async #counted(): Promise<number> {
    const listing = await this.#nft(`list table ${this.#name}`);
    return [...listing.matchAll(/counter packets (\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
  }

  #nft(text: string): Promise<string> {
    return inNet(this.#zone, this.#node, ["nft", text]);
  }
}
