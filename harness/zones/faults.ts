// `triad fault`, `triad cut` and `triad heal`. A fault is written down before it is injected, so that `heal` finds it
// even after a crash.

import { defined } from "#base/defined.ts";
import type { RunContext } from "#api/operations.ts";
import type { CutOptions, FaultOptions, ZoneChoice } from "#api/zone-options.ts";
import { faultOf, faults } from "#faults/registry.ts";
import { describeFault, type FaultSpec, type SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { findKept, type KeptZone, saveKept } from "./kept-files.ts";
import { mustAllow, mustBe } from "./node-state.ts";
import { withZone } from "./with-zone.ts";

export async function fault(options: FaultOptions, context: RunContext): Promise<string> {
  const { fault: name, node } = options;
  return withZone(options.zone, context, async (zone, kept) => {
    await mustAllow(name, zone.node(node));
    if (name !== "resume") return injectAndRemember(zone, kept, { fault: name, node });
    const proof = await faults.pause.heal(zone, { fault: "pause", node });
    saveKept({ ...kept, standing: kept.standing.filter((one) => one.fault !== "pause" || one.node !== node) });
    return `resume ${node}: ${proof}`;
  });
}

export async function cut(options: CutOptions, context: RunContext): Promise<string> {
  return withZone(options.zone, context, async (zone, kept) => {
    const lines: string[] = [];
    let now = kept;
    for (const node of options.nodes) await mustBe(["running", "paused"], zone.node(node), "cut");
    for (const node of options.nodes) {
      const spec: SpecOf<"cut"> = {
        fault: "cut",
        node,
        segments: options.segments,
        direction: options.isOneWay ? "out" : "both",
        ...defined({ peers: options.peers.length > 0 ? options.peers : undefined }),
      };
      lines.push(await injectAndRemember(zone, now, spec));
      now = findKept(kept.name);
    }
    return lines.join("\n");
  });
}

export async function heal(options: ZoneChoice, context: RunContext): Promise<string> {
  return withZone(options.zone, context, async (zone, kept) => {
    const lines: string[] = [];
    for (const spec of [...kept.standing].reverse())
      lines.push(`${describeFault(spec)}: undone, ${await faultOf(spec).heal(zone, spec)}`);
    saveKept({ ...kept, standing: [] });
    return lines.join("\n") || "no fault to undo";
  });
}

async function injectAndRemember(zone: StartedZone, kept: KeptZone, spec: FaultSpec): Promise<string> {
  const others = kept.standing.filter((one) => describeFault(one) !== describeFault(spec));
  saveKept({ ...kept, standing: [...others, spec] });
  const { proof } = await faultOf(spec).inject(zone, spec);
  return `${describeFault(spec)}: ${proof}`;
}
