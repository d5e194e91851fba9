// Drops packets with nftables rules in the node's own namespace. The rules sit at both hooks of the netdev family, so
// that they drop ARP too. The counters of the rules prove the cut.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { CutSpec } from "#spec/faults.ts";
import type { Segment } from "#spec/node.ts";
import { addressOn, macOn } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Fault } from "../fault.ts";

const proofDeadlineMs = 5_000;

function cutName(spec: CutSpec, segment: Segment): string {
  return `${spec.node}_${segment}_${spec.direction}`;
}

function peerMacs(zone: StartedZone, spec: CutSpec, segment: Segment): string[] {
  const macs = (spec.peers ?? []).map((peer) => {
    if (peer === "clients") return segment === "zone" ? zone.plan.agent.mac : undefined;
    return macOn(zone.plan.nodes[peer], segment);
  });
  return macs.filter((mac) => mac !== undefined);
}

/** The node's interfaces that need a rule. */
function* interfaces(zone: StartedZone, spec: CutSpec): Generator<{ segment: Segment; address: string }> {
  for (const segment of spec.segments) {
    const address = addressOn(zone.plan.nodes[spec.node], segment);
    const hasNoPeerHere = spec.peers !== undefined && peerMacs(zone, spec, segment).length === 0;
    if (address && !hasNoPeerHere) yield { segment, address };
  }
}

/** Installs the rules and does not wait for a dropped packet. */
export async function installCut(zone: StartedZone, spec: CutSpec): Promise<void> {
  for (const { segment, address } of interfaces(zone, spec))
    await zone.askNode(spec.node, {
      do: "cut",
      cut: cutName(spec, segment),
      address,
      peerMacs: peerMacs(zone, spec, segment),
      direction: spec.direction,
    });
}

async function droppedPackets(zone: StartedZone, spec: CutSpec): Promise<number> {
  let packets = 0;
  for (const { segment } of interfaces(zone, spec))
    packets += (await zone.askNode(spec.node, { do: "count-cut", cut: cutName(spec, segment) })).packets;
  return packets;
}

export const cut: Fault<"cut"> = {
  inject: async (zone, spec) => {
    await installCut(zone, spec);
    const atNs = nowNs();
    const packets = await pollUntil(
      async () => {
        const dropped = await droppedPackets(zone, spec);
        return dropped > 0 ? { done: dropped } : { saw: "0 dropped packets" };
      },
      { what: "the cut to drop a packet", deadlineMs: proofDeadlineMs, intervalMs: 50, code: "fault/no-effect" },
    );
    return { proof: `nft dropped ${packets} packets`, atNs };
  },
  heal: async (zone, spec) => {
    const node = zone.node(spec.node);
    if (!node.isUp) return "the node is down, and its rules ended with it";
    for (const { segment } of interfaces(zone, spec)) {
      const answer = await zone.askNode(spec.node, {
        do: "heal-cut",
        cut: cutName(spec, segment),
      });
      if (!answer.isGone)
        throw new HarnessError("fault/not-undone", `the rules of ${cutName(spec, segment)} are still installed`);
    }
    return "the rules are gone";
  },
};
