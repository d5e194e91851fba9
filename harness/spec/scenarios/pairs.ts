// Scenarios of two zones that exchange facts and artifacts. Actions on the peer zone are "at-peer" steps. Data only.

import type { FaultSpec } from "../faults.ts";
import type { NodeName } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { LocalStep, Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, repair, inspection } from "./parts.ts";

/** Makes a backlog of several pages. Longer than the excessive lag and the bound of its alarm together. */
const cutMs = 15_000;
/** Longer than a monitor must be green on a healthy zone. */
const calmMs = 3_000;
const redDeadlineMs = 10_000;
const greenDeadlineMs = 30_000;
const own = "own";
const atPeer = (...steps: LocalStep[]): Step => ({ step: "at-peer", steps });
const kill: LocalStep = { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" };

/**
 * Both zones upload an artifact and name it in a fact. The first zone's active node is cut off from the other zone, and
 * healed. Then each zone loses its active node, and the artifacts that were stored there are asked for.
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
    inspection,
    atPeer(inspection),
    hold(calmMs),
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
    inspection,
    atPeer(inspection),
  ],
};

/** Time for facts that the snapshot does not hold, in both zones. */
const sinceSnapshotMs = 3_000;
/** Time for the peer to read the last pages: facts that it has not read are lost with the zone. */
const pulledMs = 3_000;
const returnDeadlineMs = 60_000;
const later = "later";
const lost = (node: NodeName): FaultSpec => ({ fault: "rebuilt", node, identity: "same" });

/**
 * A snapshot is taken, both zones continue, and the first zone is lost. Its nodes are made again. The network to the
 * peer is cut until the snapshot is restored, as an operator would do it. DUR-6 is about the loss of one node, so it is
 * not decided.
 */
const zoneLost: ScenarioSpec = {
  name: "rec-4-zone-lost",
  suite: "recovery",
  entries: ["REC-4", "DUAL-0"],
  provokes: ["REC-4"],
  peers: 2,
  steps: [
    { step: "put-artifact", name: own },
    { step: "refer-artifact", name: own },
    atPeer({ step: "put-artifact", name: own }, { step: "refer-artifact", name: own }),
    { step: "await-copies", name: own },
    { step: "snapshot" },
    { step: "put-artifact", name: later },
    { step: "refer-artifact", name: later },
    atPeer({ step: "put-artifact", name: later }, { step: "refer-artifact", name: later }),
    hold(sinceSnapshotMs),
    { step: "await-copies", name: later },
    { step: "pause-load" },
    hold(pulledMs),
    atPeer({ step: "provoke", faults: [{ fault: "cut", node: "alpha", segments: ["peer"], direction: "both" }] }),
    { step: "provoke", faults: [lost("gamma"), lost("beta"), lost("alpha")] },
    repair("alpha", "beta", "gamma"),
    { step: "restore" },
    atPeer(repair("alpha")),
    { step: "resume-load" },
    { step: "await-answer", deadlineMs: returnDeadlineMs },
    hold(sinceSnapshotMs),
  ],
};

/** By the sections whose entries they decide. */
export const pairScenarios: Record<"exchange" | "recovery", readonly ScenarioSpec[]> = {
  exchange: [peerZones],
  recovery: [zoneLost],
};
