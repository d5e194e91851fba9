// The wait for the service at the end of a load.

import { describe, expect, it } from "@jest/globals";
import { every, nowNs } from "#base/clock.ts";
import type { StepOf } from "#spec/steps.ts";
import { during, useFakeClock } from "./fakes/fake-clock.ts";
import { type FakeContext, fakeContext, serviceDeadlineMs } from "./fakes/fake-context.ts";
import { takeStep } from "./steps/registry.ts";

useFakeClock();

function fails(context: FakeContext, call: { process?: string; f?: "append" | "get"; error?: string } = {}): void {
  const { process = "client-3", f = "append", error = "call-timeout" } = call;
  context.history.record({ t: nowNs(), type: "fail", op: 1, process, f, error });
}

/** How long the wait took, in tenths of a second. */
async function waitedS({ service }: FakeContext): Promise<number> {
  const fromNs = nowNs();
  let untilNs = fromNs;
  await during(
    20_000,
    service.untilServed().then(() => (untilNs = nowNs())),
  );
  return Math.round((untilNs - fromNs) / 1e8) / 10;
}

describe("the wait for the service", () => {
  it.each<[string, number, Parameters<typeof fails>[1] | undefined]>([
    ["no call failed", 0, undefined],
    ["an append failed just now", 1.4, {}],
    ["another payload was refused", 0, { error: "rpc-already-exists" }],
    ["a rare call failed", 0, { f: "get" }],
    ["a client inside a node got no answer", 0, { process: "alpha-0" }],
  ])("%s: %s s", async (_, expectedS, call) => {
    const context = await fakeContext();
    if (call) fails(context, call);
    expect(await waitedS(context)).toBe(expectedS);
  });

  it("begins again at each failure, and has a deadline", async () => {
    const context = await fakeContext();
    fails(context);
    using _failing = every(1_000, () => fails(context));
    expect(await waitedS(context)).toBe(serviceDeadlineMs / 1_000);
  });

  it.each<[string, StepOf<"provoke">, number]>([
    ["a failover", { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" }, 1.4],
    ["any other fault", { step: "provoke", faults: [{ fault: "kill", node: "gamma" }] }, 0],
  ])("comes before %s", async (_, step, expectedS) => {
    const context = await fakeContext();
    fails(context);
    const fromNs = nowNs();
    await during(20_000, takeStep(context, step));
    const provoked = context.events.find((event) => event.type === "mark" && event.mark === "provoked");
    expect(Math.round((provoked!.t - fromNs) / 1e8) / 10).toBe(expectedS);
  });
});
