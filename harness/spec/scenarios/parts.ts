// Parts that scenarios of several suites are put together from. Data only.

import type { NodeName, ServiceNode } from "#spec/node.ts";
import type { Step } from "#spec/scenario.ts";

/** Decided on every run. */
export const always = ["DUAL-0", "DUR-6"];

/** Beyond the 30 s bound, so that a late failover is measured and not cut off. */
export const answerDeadlineMs = 40_000;
export const rejoinDeadlineMs = 60_000;

export const hold = (ms: number): Step => ({ step: "hold", ms });
export const repair = (...nodes: NodeName[]): Step => ({ step: "repair", nodes });
export const survey: Step = { step: "survey" };

export const awaitAnswer = (node: ServiceNode): Step => ({
  step: "await-answer",
  node,
  deadlineMs: answerDeadlineMs,
});

export const awaitRejoin = (node: NodeName, deadlineMs = rejoinDeadlineMs): Step => ({
  step: "await-rejoin",
  node,
  deadlineMs,
});
