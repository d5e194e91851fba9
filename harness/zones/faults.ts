// `triad fault`, `triad cut` and `triad heal`. hand.ts remembers each fault and records it.

import { defined } from "#base/defined.ts";
import type { RunContext } from "#api/operations.ts";
import type { CutOptions, FaultOptions, ZoneChoice } from "#api/zone-options.ts";
import type { SpecOf } from "#spec/faults.ts";
import { mustAllow, mustBe } from "./node-state.ts";
import { withZone } from "./with-zone.ts";

export async function fault(options: FaultOptions, context: RunContext): Promise<string> {
  const { fault: name, node } = options;
  return withZone(options.zone, context, async (zone, _, hand) => {
    await mustAllow(name, zone.node(node));
    if (name !== "resume") return (await hand.inject([{ fault: name, node }])).join("\n");
    const lines = await hand.heal((spec) => spec.fault === "pause" && spec.node === node);
    return lines.join("\n") || `resume ${node}: ${await zone.node(node).resume()}`;
  });
}

export async function cut(options: CutOptions, context: RunContext): Promise<string> {
  return withZone(options.zone, context, async (zone, _, hand) => {
    for (const node of options.nodes) await mustBe(["running", "paused"], zone.node(node), "cut");
    const specs = options.nodes.map((node): SpecOf<"cut"> => ({
      fault: "cut",
      node,
      segments: options.segments,
      direction: options.isOneWay ? "out" : "both",
      ...defined({ peers: options.peers.length > 0 ? options.peers : undefined }),
    }));
    return (await hand.inject(specs)).join("\n");
  });
}

export async function heal(options: ZoneChoice, context: RunContext): Promise<string> {
  return withZone(options.zone, context, async (_, __, hand) => (await hand.heal()).join("\n") || "no fault to undo");
}
