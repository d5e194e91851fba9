// Steps that hold other steps: when those begin, in which order, and how their faults are numbered.

import { describe, expect, it } from "@jest/globals";
import type { FaultSpec } from "#spec/faults.ts";
import type { LocalStep, Step } from "#spec/steps.ts";
import { during, useFakeClock } from "#scenario/fakes/fake-clock.ts";
import { type FakeContext, fakeContext, marksOf } from "#scenario/fakes/fake-context.ts";
import { takeStep } from "../registry.ts";

useFakeClock();

const taken = (context: FakeContext, step: Step, ms = 0) => during(ms, takeStep(context, step));
const hold = (ms: number): LocalStep => ({ step: "hold", ms });
const provoke = (fault: FaultSpec): LocalStep => ({ step: "provoke", faults: [fault] });
const kill = (node: "alpha" | "beta" | "gamma"): FaultSpec => ({ fault: "kill", node });
const heldAt = ({ events }: FakeContext, fromNs: number) =>
  events.flatMap((event) => (event.type === "mark" && event.mark === "held" ? [(event.t - fromNs) / 1e6] : []));
const faultsIn = ({ events }: FakeContext) =>
  events.flatMap((event) => (event.type === "fault" && event.phase === "intended" ? [[event.id, event.nodes[0]]] : []));

describe("every", () => {
  it("starts a round each period", async () => {
    const context = await fakeContext();
    const fromNs = context.events.at(-1)!.t;
    await taken(context, { step: "every", ms: 1_000, times: 3, steps: [hold(200)] }, 2_200);
    expect(heldAt(context, fromNs)).toEqual([200, 1_200, 2_200]);
  });

  it("starts a late round at once, and leaves none out", async () => {
    const context = await fakeContext();
    const fromNs = context.events.at(-1)!.t;
    await taken(context, { step: "every", ms: 100, times: 3, steps: [hold(250)] }, 750);
    expect(heldAt(context, fromNs)).toEqual([250, 500, 750]);
  });
});

describe("parallel", () => {
  it("takes its branches side by side, and ends with the last", async () => {
    const context = await fakeContext();
    const fromNs = context.events.at(-1)!.t;
    await taken(context, { step: "parallel", branches: [[hold(500)], [hold(100), hold(100)]] }, 500);
    expect(heldAt(context, fromNs)).toEqual([100, 200, 500]);
  });

  it("numbers faults by their place in the plan, whichever comes first", async () => {
    const context = await fakeContext();
    const branches = [[hold(500), provoke(kill("alpha"))], [provoke(kill("gamma"))]];
    await taken(context, { step: "parallel", branches }, 500);
    await taken(context, provoke(kill("beta")));
    expect(faultsIn(context)).toEqual([
      [2, "gamma"],
      [1, "alpha"],
      [3, "beta"],
    ]);
    expect(context.injector.standingNodes.sort()).toEqual(["alpha", "beta", "gamma"]);
  });

  it("ends only when each branch has ended, and then with the first failure", async () => {
    const context = await fakeContext();
    const failing: LocalStep = { step: "renew-certificate", node: "alpha" };
    await taken(context, provoke(kill("alpha")));
    const taking = takeStep(context, { step: "parallel", branches: [[failing], [hold(300)]] });
    await expect(during(300, taking)).rejects.toMatchObject({ code: "run/internal" });
    expect(marksOf(context, "held")).toEqual([{ ms: 300 }]);
  });
});

describe("when", () => {
  const onVip = (steps: LocalStep[], offsetMs = 0): Step => ({
    step: "when",
    sees: "vip-gained",
    node: "beta",
    offsetMs,
    deadlineMs: 1_000,
    steps,
  });

  it("takes its steps so long after what was seen", async () => {
    const context = await fakeContext();
    const taking = taken(context, onVip([provoke(kill("beta"))], 50), 60);
    context.fake.activate("beta");
    await taking;
    const [mark] = marksOf(context, "triggered");
    expect(mark).toMatchObject({ sees: "vip-gained", node: "beta", lateMs: 0 });
    expect(faultsIn(context)).toEqual([[1, "beta"]]);
  });

  it("waits for a change: a state that holds already is no news", async () => {
    const context = await fakeContext();
    const step: Step = {
      step: "when",
      sees: "vip-gained",
      node: "alpha",
      offsetMs: 0,
      deadlineMs: 500,
      steps: [hold(1)],
    };
    await taken(context, step, 500);
    expect(marksOf(context, "triggered")[0]).toMatchObject({
      isTimedOut: true,
      saw: expect.stringContaining("vip-gained"),
    });
  });

  it("leaves its steps out when nothing is seen, and keeps the numbers of its faults", async () => {
    const context = await fakeContext();
    await taken(context, onVip([provoke(kill("beta"))]), 1_000);
    await taken(context, provoke(kill("gamma")));
    expect(marksOf(context, "triggered")[0]).toMatchObject({ isTimedOut: true });
    expect(faultsIn(context)).toEqual([[2, "gamma"]]);
  });
});
