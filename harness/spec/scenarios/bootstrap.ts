// The scenarios of suite "bootstrap": cold starts in every order, a fourth server that knocks, and a zone whose
// keepalived is off. Data only. A cold start begins with new containers and empty stores, and the observer is there
// first.

import { type NodeName, nodeNames } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import { always, inspection } from "./parts.ts";

const suite = "bootstrap";

/**
 * From one node's start to the next one's. Longer than a server needs to be up and to hold its first election (under 1
 * s each), so that each finds the zone in another state; twice this is shorter than the 10 s that a first start waits
 * for the others.
 */
const gapMs = 3_000;

function coldStart(name: string, order: readonly NodeName[], startGapMs: number): ScenarioSpec {
  const isTogether = startGapMs === 0;
  const isGammaLast = !isTogether && order.at(-1) === "gamma";
  // Alpha comes first "under normal conditions": all together, or alpha before beta.
  const isNormal = isTogether || order.indexOf("alpha") < order.indexOf("beta");
  const own = ["BOOT-2", ...(isGammaLast ? ["BOOT-3"] : []), "BOOT-4", ...(isNormal ? ["BOOT-5"] : []), "BOOT-6"];
  return {
    name,
    suite,
    entries: [...own, ...always],
    provokes: isTogether ? own : own.filter((id) => id === "BOOT-2" || id === "BOOT-3"),
    start: { order: [...order], gapMs: startGapMs },
    // In the steady state clients must have been answered: on a crowded machine none was in the 0.8 s of an inspection.
    steps: [{ step: "hold", ms: 1_000 }, inspection],
  };
}

/** Every order of the three. */
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
    // A server that is not kept out is a voter within a second or two: the leader counts each answer to its heartbeat.
    { step: "hold", ms: 5_000 },
    inspection,
    { step: "repair", nodes: ["gamma"] },
  ],
};

/** Longer than a promotion by the timers of the zone: 10.5 s of lease, 4.9 s of VRRP. */
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

/** Longest first, so that a pool of zones ends evenly; those that need no new zone may use one that is up. */
export const bootstrapScenarios: readonly ScenarioSpec[] = [...inOrder, atOnce, keepalivedOff, fourthServer];
