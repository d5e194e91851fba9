// Suite "bootstrap": cold starts in every order, a fourth server that tries to join, and a zone without keepalived.
// Data only. A cold start begins with new containers and empty stores. The observer runs before the first node starts.

import { type NodeName, nodeNames } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import { always, inspection, inspectedAtTheEnd } from "./parts.ts";

const suite = "bootstrap";

/**
 * Between two nodes' starts. A server needs under 1 s to be up and under 1 s for its first election. So each node finds
 * the zone in a different state. Twice this gap is shorter than the 10 s for which a first start waits for the others.
 */
const gapMs = 3_000;

function coldStart(name: string, order: readonly NodeName[], startGapMs: number): ScenarioSpec {
  const isTogether = startGapMs === 0;
  const isGammaLast = !isTogether && order.at(-1) === "gamma";
  // Alpha becomes active "under normal conditions": all nodes start together, or Alpha before Beta.
  const isNormal = isTogether || order.indexOf("alpha") < order.indexOf("beta");
  const own = ["BOOT-2", ...(isGammaLast ? ["BOOT-3"] : []), "BOOT-4", ...(isNormal ? ["BOOT-5"] : []), "BOOT-6"];
  return {
    name,
    suite,
    entries: [...own, ...always],
    provokes: isTogether ? own : own.filter((id) => id === "BOOT-2" || id === "BOOT-3"),
    start: { order: [...order], gapMs: startGapMs },
    // Clients must be answered in the steady state, and each consumer must confirm three pages. Each confirms about
    // once in 0.8 s, so with a hold of 1 s each confirmed exactly three in a calm run, and two once in a busy one.
    steps: [{ step: "hold", ms: 3_000 }, inspection],
  };
}

/** Every permutation. */
function ordersOf(names: readonly NodeName[]): NodeName[][] {
  if (names.length < 2) return [[...names]];
  return names.flatMap((first) => ordersOf(names.filter((name) => name !== first)).map((rest) => [first, ...rest]));
}

const inOrder = ordersOf(nodeNames).map((order) =>
  coldStart(`boot-${order.map((name) => name[0]).join("")}`, order, gapMs),
);
const atOnce = coldStart("boot-at-once", nodeNames, 0);

const fourthServer: ScenarioSpec = {
  name: "boot-fourth-server",
  suite,
  entries: ["BOOT-1", ...always],
  provokes: ["BOOT-1"],
  steps: [
    inspection,
    { step: "provoke", faults: [{ fault: "fourth-server", node: "gamma" }] },
    // If it is not kept out it is a voter within two seconds: the leader counts every server that answers its
    // heartbeat.
    { step: "hold", ms: 5_000 },
    inspection,
    { step: "repair", nodes: ["gamma"] },
  ],
};

/** Longer than a promotion takes by the zone's timers: 10.5 s of lease, 4.9 s of VRRP. */
const silentMs = 18_000;

const keepalivedOff: ScenarioSpec = {
  name: "boot-keepalived-off",
  suite,
  entries: ["BOOT-4", "MECH-1", "MECH-2", ...always],
  provokes: ["BOOT-4"],
  steps: [
    {
      step: "capture",
      at: [
        { host: "alpha", segment: "control" },
        { host: "beta", segment: "control" },
      ],
    },
    { step: "hold", ms: 1_500 },
    {
      step: "provoke",
      faults: [
        { fault: "process-freeze", node: "alpha", process: "keepalived" },
        { fault: "process-freeze", node: "beta", process: "keepalived" },
      ],
    },
    { step: "hold", ms: silentMs },
    inspection,
    { step: "repair", nodes: ["alpha", "beta"] },
    { step: "await-answer", deadlineMs: 40_000 },
    { step: "hold", ms: 1_500 },
    { step: "end-capture" },
  ],
};

/** Longest first. */
export const bootstrapScenarios: readonly ScenarioSpec[] = [
  ...inOrder,
  atOnce,
  // While keepalived is silent no controller runs. The inspection at the end is the one that shows where it listens.
  inspectedAtTheEnd(keepalivedOff),
  fourthServer,
];
