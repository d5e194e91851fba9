// Drops packets with nftables rules in the node's own namespace. The rules sit at both hooks of the netdev family, so
// that they drop ARP too. Two things prove the cut: each peer's own interface has the MAC that the rules name, and the
// rules count dropped packets.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { CutSpec } from "#spec/faults.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import { addressOn, macOn } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Fault } from "../fault.ts";

const proofDeadlineMs = 5_000;

function cutName(spec: CutSpec, segment: Segment): string {
  return `${spec.node}_${segment}_${spec.direction}`;
}

/** An interface that the cut keeps away. */
interface Peer {
  name: NodeName | "clients";
  address: string;
  mac: string;
}

function peersOn(zone: StartedZone, spec: CutSpec, segment: Segment): Peer[] {
  return (spec.peers ?? []).flatMap((name) => {
    const { nodes, agent } = zone.plan;
    const client = segment === "zone" ? agent : undefined;
    const address = name === "clients" ? client?.address : addressOn(nodes[name], segment);
    const mac = name === "clients" ? client?.mac : macOn(nodes[name], segment);
    return address === undefined || mac === undefined ? [] : [{ name, address, mac }];
  });
}

/** The node's interfaces that need a rule. */
function* interfaces(zone: StartedZone, spec: CutSpec): Generator<{ segment: Segment; address: string }> {
  for (const segment of spec.segments) {
    const address = addressOn(zone.plan.nodes[spec.node], segment);
    const hasNoPeerHere = spec.peers !== undefined && peersOn(zone, spec, segment).length === 0;
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
      peerMacs: peersOn(zone, spec, segment).map(({ mac }) => mac),
      direction: spec.direction,
    });
}

/**
 * Reads each peer's MAC in its own network namespace. A peer that is down has none. Returns the names of the others.
 *
 * @throws HarnessError `fault/no-effect` for a peer with another MAC than the rules name.
 */
async function peersHit(zone: StartedZone, spec: CutSpec): Promise<string[]> {
  const names = new Set<string>();
  for (const { segment } of interfaces(zone, spec))
    for (const { name, address, mac } of peersOn(zone, spec, segment)) {
      if (name !== "clients" && !zone.node(name).isUp) continue;
      const where = name === "clients" ? {} : { pid: zone.node(name).pid };
      const found = await zone.actuator.ask({ do: "interface", ...where, address });
      if (found.mac !== mac)
        throw new HarnessError("fault/no-effect", `${name} has the MAC ${found.mac} at ${address}`, {
          expected: `${mac}, which the rules of the cut name`,
        });
      names.add(name);
    }
  return [...names];
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
    const hit = await peersHit(zone, spec);
    const packets = await pollUntil(
      async () => {
        const dropped = await droppedPackets(zone, spec);
        return dropped > 0 ? { done: dropped } : { saw: "0 dropped packets" };
      },
      { what: "the cut to drop a packet", deadlineMs: proofDeadlineMs, intervalMs: 50, code: "fault/no-effect" },
    );
    const named = hit.length === 0 ? "" : `; the rules name the MAC of ${hit.join(", ")}`;
    return { proof: `nft dropped ${packets} packets${named}`, atNs };
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
