// Lanes on fake stages: which scenario a lane takes next, and what happens to its stage.

import { describe, expect, it } from "@jest/globals";
import { select } from "#spec/scenarios/index.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { ConcurrencyLimiter, type Slot } from "./concurrency-limiter.ts";
import { type LaneParts, type LaneStage, runLane } from "./lane.ts";
import { planRun } from "./make-plan.ts";
import type { PlannedScenario } from "./plan.ts";
import { isOfPair, scenarioOf, zoneOf } from "./planned-zone.ts";

const plan = planRun({ suites: [], only: [], repeat: 1, seed: 1, tier: "standard", isKept: false });
const reference = JSON.stringify(zoneOf(plannedAs("fail-1-kill"), plan));
/** Scenarios that share a zone, one that needs another zone, one with a cold start, and a pair. */
const shared = plan.scenarios.filter((one) => isShared(one)).slice(0, 3);
const other = plan.scenarios.find((one) => !scenarioOf(one).start && !isOfPair(one) && !isShared(one))!;
const cold = plan.scenarios.find((one) => scenarioOf(one).start)!;
const pair = plan.scenarios.find(isOfPair)!;

function plannedAs(name: string): PlannedScenario {
  return plan.scenarios.find((one) => one.name === name)!;
}

function isShared(planned: PlannedScenario): boolean {
  const { start } = scenarioOf(planned);
  return !start && !isOfPair(planned) && JSON.stringify(zoneOf(planned, plan)) === reference;
}

class FakeStage implements LaneStage {
  readonly spec: ZoneSpec;
  isEnded = false;

  constructor(spec: ZoneSpec) {
    this.spec = spec;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isEnded = true;
  }
}

interface Ran {
  name: string;
  isUsedAgain: boolean;
  isLast: boolean;
}

/** Runs a lane over the queue. `unfit`: scenarios after which the stage may not be used again. */
async function laneOver(queue: PlannedScenario[], differs: Partial<LaneParts<FakeStage>> & { unfit?: string } = {}) {
  const ran: Ran[] = [];
  const stages: FakeStage[] = [];
  using limiter = new ConcurrencyLimiter(2, { isFixed: true });
  const { signal } = new AbortController();
  const run: LaneParts<FakeStage>["run"] = async (planned, { stage, isLast }) => {
    ran.push({ name: planned.name, isUsedAgain: stage !== undefined, isLast });
    const used = stage ?? new FakeStage(zoneOf(planned, plan));
    if (!stage) stages.push(used);
    if (planned.name !== differs.unfit && !isLast) return used;
    await used[Symbol.asyncDispose]();
    return undefined;
  };
  await runLane(queue, { plan, limiter, signal, run, ...differs });
  return { ran, stages, areEnded: stages.every(({ isEnded }) => isEnded) };
}

describe("a lane", () => {
  it("uses its stage again, and says which scenario is the last", async () => {
    const { ran, stages, areEnded } = await laneOver([...shared]);
    expect(ran).toEqual([
      { name: shared[0]!.name, isUsedAgain: false, isLast: false },
      { name: shared[1]!.name, isUsedAgain: true, isLast: false },
      { name: shared[2]!.name, isUsedAgain: true, isLast: true },
    ]);
    expect([stages.length, areEnded]).toEqual([1, true]);
  });

  it("takes a scenario that fits its stage before one that does not", async () => {
    const { ran, stages, areEnded } = await laneOver([shared[0]!, other, shared[1]!]);
    expect(ran.map(({ name }) => name)).toEqual([shared[0]!.name, shared[1]!.name, other.name]);
    expect([stages.length, areEnded]).toEqual([2, true]);
  });

  it("gives a cold start no stage, and ends the one that it has", async () => {
    const { ran, stages } = await laneOver([shared[0]!, cold]);
    expect(ran.map(({ isUsedAgain }) => isUsedAgain)).toEqual([false, false]);
    expect(stages[0]?.isEnded).toBe(true);
  });

  it("starts a new stage after one that may not be used again", async () => {
    const { ran } = await laneOver([...shared], { unfit: shared[0]!.name });
    expect(ran.map(({ isUsedAgain }) => isUsedAgain)).toEqual([false, false, true]);
  });

  it("runs a pair first, on a stage of its own", async () => {
    const { ran } = await laneOver([shared[0]!, pair]);
    expect(ran[0]).toEqual({ name: pair.name, isUsedAgain: false, isLast: true });
  });

  it("ends its stage and releases its slot when the machine carries fewer zones", async () => {
    let released = 0;
    const slot: Slot = { isExcess: true, wasContended: false, [Symbol.dispose]: () => void (released += 1) };
    const limiter = { acquire: () => Promise.resolve(slot) } as unknown as ConcurrencyLimiter;
    const { ran, areEnded } = await laneOver([...shared], { limiter });
    expect(ran.map(({ isUsedAgain }) => isUsedAgain)).toEqual([false, false, false]);
    expect([released, areEnded]).toEqual([3, true]);
  });

  it("takes no further scenario once the run is interrupted", async () => {
    const stop = new AbortController();
    const names: string[] = [];
    await laneOver([...shared], {
      signal: stop.signal,
      run: async (planned) => {
        names.push(planned.name);
        stop.abort(new Error("interrupted"));
        return undefined;
      },
    });
    expect(names).toEqual([shared[0]!.name]);
  });

  it("throws what a scenario throws", async () => {
    const run = () => Promise.reject(new Error("no engine"));
    await expect(laneOver([...shared], { run })).rejects.toThrow("no engine");
  });
});

describe("the zone of a planned scenario", () => {
  it("is the reference zone in the plan's tier, with what the scenario changes", () => {
    const scenario = select([], []).find(({ zone }) => zone?.stores === "ext4")!;
    const planned = plannedAs(scenario.name);
    expect(zoneOf(planned, { ...plan, tier: "critical" })).toMatchObject(scenario.zone ?? {});
    expect(zoneOf(planned, { ...plan, stores: "xfs" }).stores).toBe("xfs");
    expect(zoneOf(shared[0]!, { ...plan, stores: "xfs" }).stores).toBe("folder");
  });
});
