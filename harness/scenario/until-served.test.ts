// The wait for the service at the end of a load.

import { describe, expect, it } from "@jest/globals";
import { every, nowNs } from "#base/clock.ts";
import { during, useFakeClock } from "./fakes/fake-clock.ts";
import { type FakeContext, fakeContext } from "./fakes/fake-context.ts";
import { ServiceWatch } from "./until-served.ts";

useFakeClock();

const deadlineMs = 15_000;

function fails(context: FakeContext, call: { process?: string; f?: "append" | "get"; error?: string } = {}): void {
  const { process = "client-3", f = "append", error = "call-timeout" } = call;
  context.history.record({ t: nowNs(), type: "fail", op: 1, process, f, error });
}

/** How long the wait took, in tenths of a second. */
async function waitedS(context: FakeContext, watch: ServiceWatch): Promise<number> {
  const fromNs = nowNs();
  let untilNs = fromNs;
  await during(
    20_000,
    watch.untilServed(deadlineMs).then(() => (untilNs = nowNs())),
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
    using watch = new ServiceWatch(context);
    if (call) fails(context, call);
    expect(await waitedS(context, watch)).toBe(expectedS);
  });

  it("begins again at each failure, and has a deadline", async () => {
    const context = await fakeContext();
    using watch = new ServiceWatch(context);
    fails(context);
    using _failing = every(1_000, () => fails(context));
    expect(await waitedS(context, watch)).toBe(deadlineMs / 1_000);
  });

  it("does not wait while a fault stands", async () => {
    const context = await fakeContext();
    using watch = new ServiceWatch(context);
    await during(5_000, context.injector.inject({ fault: "kill", node: "gamma" }));
    fails(context);
    expect(await waitedS(context, watch)).toBe(0);
  });
});
