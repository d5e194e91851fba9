// Scenarios of two zones that exchange facts and artifacts. What is done to the peer zone stands in "at-peer". Data only.

import type { LocalStep, ScenarioSpec, Step } from "#spec/scenario.ts";
import { always, awaitAnswer, awaitRejoin, hold, repair, survey } from "./parts.ts";

/** A backlog of some pages at this scenario's load, and longer than the lag that is excessive with the bound of its alarm. */
const cutMs = 15_000;
const redDeadlineMs = 10_000;
const greenDeadlineMs = 30_000;
const own = "own";
const atPeer = (...steps: LocalStep[]): Step => ({ step: "at-peer", steps });
const kill: LocalStep = { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" };

/**
 * Both zones upload an artifact and name it in a fact; the first one's active node is cut off from the other zone, and heals; then
 * each zone in turn loses its active node. What was lost with it is asked for.
 */
const peerZones: ScenarioSpec = {
  name: "peer-zones",
  suite: "storage",
  entries: ["STO-3", "STO-4", "MON-11", ...always],
  provokes: ["STO-3", "STO-4", "MON-11"],
  peers: 2,
  monitors: true,
  steps: [
    {
      step: "capture",
      at: [
        { host: "alpha", segment: "peer" },
        { host: "beta", segment: "peer" },
      ],
    },
    { step: "put-artifact", name: own },
    { step: "refer-artifact", name: own },
    atPeer({ step: "put-artifact", name: own }, { step: "refer-artifact", name: own }),
    { step: "await-copies", name: own },
    survey,
    atPeer(survey),
    { step: "provoke", faults: [{ fault: "cut", node: "alpha", segments: ["peer"], direction: "both" }] },
    hold(cutMs),
    { step: "await-monitors", monitors: ["MON-11"], state: "red", deadlineMs: redDeadlineMs },
    repair("alpha"),
    { step: "await-monitors", monitors: ["MON-11"], state: "green", deadlineMs: greenDeadlineMs },
    { step: "end-capture" },
    kill,
    awaitAnswer("beta"),
    { step: "files", nodes: ["beta"] },
    { step: "get-artifact", name: own },
    { step: "files", nodes: ["beta"] },
    atPeer(kill, awaitAnswer("beta")),
    repair("alpha"),
    atPeer(repair("alpha")),
    awaitRejoin("alpha"),
    atPeer(awaitRejoin("alpha")),
    survey,
    atPeer(survey),
  ],
};

export const pairScenarios: readonly ScenarioSpec[] = [peerZones];
