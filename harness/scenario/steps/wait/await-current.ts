// Step "await-current": a node that lost its store has every replica again.

import { nowNs } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import type { NodeName } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { heldBy } from "#zone/store-api.ts";
import { isTimeout } from "#scenario/mark-outcome.ts";
import { lookAtReplicas, receivedBytes } from "#scenario/replicas.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Waits until every stream is current on the node again, and writes down how much had to be sent. */
    "await-current": { node: NodeName; deadlineMs: number };
  }
}

const lookMs = 100;

/** Marks `caught-up`. */
export async function awaitCurrent(
  { zone, history, signal }: StepContext,
  { node, deadlineMs }: StepOf<"await-current">,
): Promise<void> {
  try {
    await pollUntil(() => lookAtReplicas(zone, node), {
      what: `the replicas on ${node} to be current`,
      deadlineMs,
      intervalMs: lookMs,
      signal,
    });
    const atNs = nowNs();
    const held = await heldBy(zone, node);
    const bytes = [...held.values()].reduce((sum, one) => sum + one.bytes, 0);
    history.record({
      t: atNs,
      type: "mark",
      mark: "caught-up",
      detail: { node, bytes, receivedBytes: await receivedBytes(zone, node), streams: [...held.keys()] },
    });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    history.mark("caught-up", { node, isTimedOut: true, saw: error.message });
  }
}
