// Power loss of a node: no packet leaves or arrives from one instant, then every process dies without a word.
// Weakness: what the processes had written and not flushed survives in this kernel's page cache; dropping that too
// needs a store on its own file system (docs/decisions/0005-power.md).

import { nowNs } from "#base/clock.ts";
import { startAgain } from "./container.ts";
import { installCut } from "./cut.ts";
import type { Fault } from "./fault.ts";

export const power: Fault<"power"> = {
  does: "All packets of the node are dropped on every segment at once, then every process is killed; no goodbye leaves.",
  inject: async (zone, spec) => {
    await installCut(zone, { fault: "cut", node: spec.node, segments: ["zone", "control"], direction: "both" });
    const atNs = nowNs();
    return { proof: `silent on every segment, then ${await zone.node(spec.node).kill()}`, atNs };
  },
  // A new start has a new network namespace: the rules went with the old one.
  heal: (zone, spec) => startAgain(zone, spec.node),
};
