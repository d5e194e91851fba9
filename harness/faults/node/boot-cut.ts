// A node restarts, and from its first moment on no packet passes between it and the other nodes. The rules are at the
// others' interfaces and stand before the node starts, so that not even its first packet passes.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { SpecOf } from "#spec/faults.ts";
import { type NodeName, nodeNames, type Segment } from "#spec/node.ts";
import { addressOn, macOn } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import { startAgain } from "./container.ts";
import type { Fault } from "../fault.ts";

type BootCut = SpecOf<"boot-cut">;

/** A node opens routes within a second of its start. */
const proofDeadlineMs = 10_000;

const cutName = (node: NodeName, segment: Segment) => `boot_${node}_${segment}`;

/** Where a rule is needed: each interface of another node that is up, with the MAC that it keeps away. */
function placesOf(zone: StartedZone, { node, segments }: BootCut) {
  const others = nodeNames.filter((name) => name !== node && zone.node(name).isUp);
  return segments.flatMap((segment) => {
    const mac = macOn(zone.plan.nodes[node], segment);
    return others.flatMap((name) => {
      const address = addressOn(zone.plan.nodes[name], segment);
      return mac === undefined || address === undefined ? [] : [{ name, address, mac, cut: cutName(node, segment) }];
    });
  });
}

export const bootCut: Fault<"boot-cut"> = {
  isImpossible: async (zone, spec) =>
    placesOf(zone, spec).length > 0 ? null : `no other node that is up shares ${spec.segments.join(", ")} with it`,
  inject: async (zone, spec) => {
    const { node } = spec;
    const atNs = nowNs();
    const exited = zone.node(node).isUp ? await zone.node(node).kill() : "it was down";
    const places = placesOf(zone, spec);
    for (const { name, address, mac, cut } of places)
      await zone.askNode(name, { do: "cut", cut, address, peerMacs: [mac], direction: "both" });
    const running = await zone.node(node).start();
    const count = async () => {
      let packets = 0;
      for (const { name, cut } of places) packets += (await zone.askNode(name, { do: "count-cut", cut })).packets;
      return packets > 0 ? { done: packets } : { saw: "0 dropped packets" };
    };
    const what = `a packet of ${node} to be dropped`;
    const packets = await pollUntil(count, {
      what,
      deadlineMs: proofDeadlineMs,
      intervalMs: 50,
      code: "fault/no-effect",
    });
    return {
      proof: `${exited}; ${places.length} interfaces drop its packets; ${running}; ${packets} were dropped`,
      atNs,
    };
  },
  heal: async (zone, spec) => {
    const gone: string[] = [];
    for (const { name, cut } of placesOf(zone, spec)) {
      const { isGone, packets } = await zone.askNode(name, { do: "heal-cut", cut });
      if (!isGone) throw new HarnessError("fault/not-undone", `the rules of ${cut} are still installed on ${name}`);
      gone.push(`${name} had dropped ${packets} packets`);
    }
    const running = await startAgain(zone, spec.node);
    return `the rules are gone; ${[...gone, running].join("; ")}`;
  },
};
