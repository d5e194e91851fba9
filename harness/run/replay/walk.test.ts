// A person walks through a scenario: what they type, on a fake zone with a fake terminal.

import { describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import { fakeContext, marksOf } from "#scenario/fakes/fake-context.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { Step } from "#spec/steps.ts";
import { walkWith } from "./walk.ts";

const steps: Step[] = [{ step: "hold", ms: 3_000 }, { step: "inspect" }];
const kill: FaultSpec = { fault: "kill", node: "beta" };

/** A walk whose person types these lines, one after the other, and then ends the input. */
async function walk(...typed: string[]) {
  const context = await fakeContext();
  let written = "";
  const walker = {
    columns: 80,
    write: (text: string) => void (written += text),
    readLine: (prompt: string) => {
      written += prompt;
      return Promise.resolve(typed.shift());
    },
    parseFault: (words: readonly string[]) =>
      words[0] === "kill"
        ? Promise.resolve(kill)
        : Promise.reject(new HarnessError("usage/unknown-fault", `unknown fault "${words[0]}"`)),
  };
  const openState = () =>
    Promise.resolve({
      lines: () => Promise.resolve([`state ${context.events.length}`]),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  const guide = await walkWith(walker, openState)(context, steps);
  return { context, guide, text: () => written };
}

describe("a walk through a scenario", () => {
  it("shows the zone, then each step with its place, and takes it on continue", async () => {
    const { guide, text } = await walk("continue");
    expect(text()).toMatch(/^state \d+\n$/);
    expect(await guide.before(steps[0]!, 0)).toBe(true);
    expect(text()).toContain("step 1 of 2: { hold: 3s }\ncontinue, skip, fault …, quit> ");
    await guide.after();
    expect(text().match(/state \d+\n/g)).toHaveLength(2);
  });

  it("leaves a step out on skip, and says so in the history", async () => {
    const { guide, context } = await walk("skip");
    expect(await guide.before(steps[1]!, 1)).toBe(false);
    expect(marksOf(context, "by-hand")).toEqual([expect.objectContaining({ command: "skip inspect", phase: "done" })]);
  });

  it("injects a fault, shows its proof and the zone, and asks again", async () => {
    const { guide, context, text } = await walk("fault kill beta", "continue");
    expect(await guide.before(steps[0]!, 0)).toBe(true);
    const phases = context.events.flatMap((event) => (event.type === "fault" ? [event.phase] : []));
    expect(phases).toEqual(["intended", "injecting", "effective"]);
    expect(text()).toMatch(/kill .*beta.*: effective, .+\nstate \d+\ncontinue, skip/s);
    expect(context.injector.standingNodes).toEqual(["beta"]);
  });

  it("tells a slip and asks again", async () => {
    const { guide, context, text } = await walk("fault kil beta", "sikp", "continue");
    expect(await guide.before(steps[0]!, 0)).toBe(true);
    expect(text()).toMatch(/unknown fault "kil"\n.*continue: take this step; skip: leave it out/s);
    expect(context.events.some(({ type }) => type === "fault")).toBe(false);
  });

  it.each([["quit"], []])("ends the run on quit and at the end of the input", async (...typed) => {
    const { guide } = await walk(...typed);
    await expect(guide.before(steps[1]!, 1)).rejects.toMatchObject({
      code: "run/interrupted",
      message: "the run was ended before step 2",
    });
  });
});
