// Steps and entries that scenarios of several suites share. Data only.

import type { NodeName, ServiceNode } from "../node.ts";
import type { LocalStep } from "../steps.ts";

/** Entries that every scenario decides. */
export const always = ["DUAL-0", "DUR-6"];

/** Longer than the 30 s bound, so that a late failover is measured and not cut off. */
export const answerDeadlineMs = 40_000;
export const rejoinDeadlineMs = 60_000;

export const hold = (ms: number): LocalStep => ({ step: "hold", ms });
export const repair = (...nodes: NodeName[]): LocalStep => ({ step: "repair", nodes });
export const inspection: LocalStep = { step: "inspect" };

export const awaitAnswer = (node: ServiceNode): LocalStep => ({
  step: "await-answer",
  node,
  deadlineMs: answerDeadlineMs,
});

export const awaitRejoin = (node: NodeName, deadlineMs = rejoinDeadlineMs): LocalStep => ({
  step: "await-rejoin",
  node,
  deadlineMs,
});
