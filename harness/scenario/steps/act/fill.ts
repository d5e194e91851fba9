// Step "fill": gives the audit stream a bulk of messages and a durable consumer that has read some of them.

import { HarnessError } from "#base/errors.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { spareNode } from "#scenario/replicas.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Gives the audit stream so many bytes, and a durable consumer that has acknowledged a part of them. */
    fill: { bytes: number };
  }
}

const bulk = { subject: "facts.audit.bulk", consumer: "triad-keeper", bytesEach: 65_536 };
/** Acknowledged by the consumer: more messages than none and fewer than all. */
const acknowledged = 40;
const timeoutMs = 10_000;
const deadlineMs = 60_000;

/** Marks `filled`. */
export async function fill({ zone, history, seed }: StepContext, { bytes }: StepOf<"fill">): Promise<void> {
  const { audit: stream } = zone.plan.contract.streams;
  if (stream === null) throw new HarnessError("fault/impossible", "the profile names no audit stream to fill");
  const messages = Math.ceil(bytes / bulk.bytesEach);
  const request = { do: "fill", stream, ...bulk, prefix: `bulk-${seed}`, messages, acknowledged } as const;
  const reply = await zone.askNode(spareNode(zone), { ...request, timeoutMs }, deadlineMs);
  history.mark("filled", { ...reply });
}
