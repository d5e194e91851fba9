// `triad fault`, `triad cut` and `triad heal`. hand.ts remembers each fault and records it.

import { defined } from "#base/defined.ts";
import type { RunContext } from "#api/operations.ts";
import type { CutOptions, FaultOptions, HealOptions } from "#api/zone-options.ts";
import { nodesOf, type SpecOf } from "#spec/faults.ts";
import { mustAllow, mustBe } from "./node-state.ts";
import { withZone } from "./with-zone.ts";

export async function fault({ spec, zone: name }: FaultOptions, context: RunContext): Promise<string> {
  return withZone(name, context, async (zone, _, hand) => {
    for (const node of nodesOf(spec)) await mustAllow(spec.fault, zone.node(node));
    return (await hand.inject([spec])).join("\n");
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

/** Undoes the faults that are meant, the last injected first. */
export async function heal({ zone: name, fault: only, node }: HealOptions, context: RunContext): Promise<string> {
  return withZone(name, context, async (_, __, hand) => {
    const lines = await hand.heal(
      (spec) => (only === undefined || spec.fault === only) && (node === undefined || nodesOf(spec).includes(node)),
    );
    return lines.join("\n") || "no fault to undo";
  });
}
