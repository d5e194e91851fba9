// Suite "recovery": a node that lost its store, a node that was lost as a whole, and a zone with corrupt facts that is
// rebuilt from a snapshot. Data only.

import type { NodeName } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, repair, inspection } from "./parts.ts";

const suite = "recovery";
/** Makes the catch-up take some seconds, so that it can be measured. A hundredth of what a plant keeps. */
const bulkBytes = 9 * 1024 * 1024;
/** Earlier catch-ups of this size took 2 to 8 s. An election may come first. */
const currentDeadlineMs = 60_000;
/** Time for facts to be acknowledged that the lost node has not seen. */
const lostMs = 2_000;
/** After a rejoin: longer than VRRP takes to preempt, so that a wrong change of roles would show. */
const returnMs = 6_000;

/** The load is paused: the fill writes to three disks at full speed, and no verdict depends on that. */
const fill: Step[] = [{ step: "pause-load" }, { step: "fill", bytes: bulkBytes }, { step: "resume-load" }];
const awaitCurrent = (node: NodeName): Step => ({ step: "await-current", node, deadlineMs: currentDeadlineMs });
const replicaDump = (label: string, ...streams: string[]): Step => ({ step: "dump-replicas", label, streams });
const comesBack = (node: NodeName): Step[] => [repair(node), awaitCurrent(node), awaitRejoin(node)];

/** For a node that is not active: the others continue to serve. */
const isWiped = (node: NodeName): Step[] => [
  { step: "provoke", faults: [{ fault: "wiped", node }] },
  hold(lostMs),
  ...comesBack(node),
];

/** Each node in turn, the active one last: its loss is a failover. */
const wiped: ScenarioSpec = {
  name: "rec-1-wiped",
  suite,
  entries: ["REC-1", ...always],
  provokes: ["REC-1"],
  // The node needs a disk of its own, which is replaced.
  zone: { stores: "ext4" },
  steps: [
    ...fill,
    ...isWiped("gamma"),
    ...isWiped("beta"),
    { step: "provoke", faults: [{ fault: "wiped", node: "alpha" }], to: "beta" },
    awaitAnswer("beta"),
    ...comesBack("alpha"),
    hold(returnMs),
    replicaDump("returned", "facts_operational", "facts_audit"),
  ],
};

const isRebuilt = (node: NodeName, identity: "same" | "new"): Step[] => [
  { step: "provoke", faults: [{ fault: "rebuilt", node, identity }] },
  hold(lostMs),
  ...comesBack(node),
];

const rebuiltAsBefore: ScenarioSpec = {
  name: "rec-2-same-name",
  suite,
  entries: ["REC-2", ...always],
  provokes: ["REC-2"],
  steps: [
    ...fill,
    ...isRebuilt("beta", "same"),
    ...isRebuilt("gamma", "same"),
    hold(returnMs),
    replicaDump("returned", "facts_operational", "facts_audit"),
    inspection,
  ],
};

const rebuiltAnew: ScenarioSpec = {
  name: "rec-2-new-name",
  suite,
  entries: ["REC-2", ...always],
  provokes: ["REC-2"],
  zone: { hasOperator: true },
  steps: [
    ...fill,
    ...isRebuilt("gamma", "new"),
    hold(returnMs),
    replicaDump("returned", "facts_operational", "facts_audit"),
    inspection,
  ],
};

const kept = ["cursors", "facts_operational", "facts_audit"];
const lostWhole = (node: NodeName) => ({ fault: "rebuilt" as const, node, identity: "same" as const });

const artifact = "kept";

/** The load is paused from the snapshot to the restore: facts acknowledged then would be lost with the old cluster. */
const restored: ScenarioSpec = {
  name: "rec-3-corrupted",
  suite,
  entries: ["REC-3", "REC-5", "STO-7", ...always],
  provokes: ["REC-3", "REC-5", "STO-7"],
  steps: [
    { step: "put-artifact", name: artifact },
    { step: "back-up-artifacts", node: "alpha" },
    ...fill,
    hold(lostMs),
    { step: "pause-load" },
    replicaDump("clean", ...kept),
    { step: "snapshot" },
    { step: "read-texts" },
    { step: "provoke", faults: [{ fault: "facts-deleted", node: "gamma", count: 25 }] },
    replicaDump("corrupt", "facts_operational"),
    { step: "provoke", faults: [lostWhole("gamma"), lostWhole("beta"), lostWhole("alpha")] },
    repair("alpha", "beta", "gamma"),
    { step: "restore" },
    replicaDump("restored", ...kept),
    { step: "resume-load" },
    { step: "await-answer", deadlineMs: currentDeadlineMs },
    { step: "get-artifact", name: artifact },
    { step: "restore-artifacts" },
    { step: "get-artifact", name: artifact },
    hold(returnMs),
  ],
};

/** Longest first. */
export const recoveryScenarios: readonly ScenarioSpec[] = [wiped, rebuiltAsBefore, restored, rebuiltAnew];
