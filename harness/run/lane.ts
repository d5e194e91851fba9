// A lane takes scenarios from the queue that all lanes share, and runs one after the other. It keeps its stage, a
// running zone, for the next scenario if the zone is steady again and the scenario needs the same settings.

import { isDeepStrictEqual } from "node:util";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { ConcurrencyLimiter, Slot } from "./concurrency-limiter.ts";
import type { PlannedScenario, RunPlan } from "./plan.ts";
import { isOfPair, scenarioOf, zoneOf } from "./planned-zone.ts";

/** What a lane keeps between two scenarios. */
export interface LaneStage extends AsyncDisposable {
  readonly spec: ZoneSpec;
}

export interface LaneParts<S extends LaneStage> {
  plan: RunPlan;
  limiter: ConcurrencyLimiter;
  signal: AbortSignal;
  /** Runs a scenario on the stage, or on a new one. @returns the stage when it may be used again. */
  run: (planned: PlannedScenario, on: { stage: S | undefined; isLast: boolean }) => Promise<S | undefined>;
}

/** Until the queue is empty or the signal fires. */
export async function runLane<S extends LaneStage>(queue: PlannedScenario[], parts: LaneParts<S>): Promise<void> {
  const { limiter, signal, run } = parts;
  while (queue.length > 0 && !signal.aborted) {
    if (queue.some(isOfPair)) {
      using slot = await limiter.acquire(() => queue.some(isOfPair), signal, 2);
      // Taken from the queue after the wait, because another lane may have taken it by then.
      const [planned] = slot ? queue.splice(queue.findIndex(isOfPair), 1) : [];
      if (planned) await run(planned, { stage: undefined, isLast: true });
    } else {
      using slot = await limiter.acquire(() => queue.length > 0, signal);
      if (slot) await runInSlot(queue, slot, parts);
    }
  }
}

/** One scenario after the other, until none is left or the limiter wants fewer zones. */
async function runInSlot<S extends LaneStage>(
  queue: PlannedScenario[],
  slot: Slot,
  { plan, signal, run }: LaneParts<S>,
): Promise<void> {
  let stage: S | undefined;
  for (let planned = take(queue, stage, plan); planned; planned = take(queue, stage, plan)) {
    if (signal.aborted) break;
    if (stage && !isFit(stage, planned, plan)) {
      await stage[Symbol.asyncDispose]();
      stage = undefined;
    }
    stage = await run(planned, { stage, isLast: queue.length === 0 });
    if (slot.isExcess) break;
  }
  await stage?.[Symbol.asyncDispose]();
}

/** The longest scenario that the stage can be used for. When there is none, the longest of all. */
function take(queue: PlannedScenario[], stage: LaneStage | undefined, plan: RunPlan): PlannedScenario | undefined {
  const at = stage ? queue.findIndex((planned) => isFit(stage, planned, plan)) : 0;
  return queue.splice(Math.max(at, 0), 1)[0];
}

function isFit(stage: LaneStage, planned: PlannedScenario, plan: RunPlan): boolean {
  // A cold start is part of the scenario and needs a new zone.
  return scenarioOf(planned).start === undefined && isDeepStrictEqual(stage.spec, zoneOf(planned, plan));
}
