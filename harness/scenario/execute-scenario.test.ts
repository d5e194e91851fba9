// A scenario on fake zones, from its first answer to the hand back.

import { describe, expect, it } from "@jest/globals";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { executeScenario } from "./execute-scenario.ts";
import { during, useFakeClock } from "./fakes/fake-clock.ts";
import { type FakeContext, fakeContext, marksOf } from "./fakes/fake-context.ts";
import { fakeJob } from "./fakes/fake-job.ts";
import { FakeZone } from "./fakes/fake-zone.ts";

useFakeClock();

/** Executes the scenario while the clock moves by two minutes. */
function executed(context: FakeContext, scenario: Partial<ScenarioSpec> = {}, isLast = false): Promise<string | null> {
  const job = fakeJob({ scenario, isLast, signal: context.signal });
  return during(
    120_000,
    executeScenario(context, job, () => {}),
  );
}

const marks = ({ events }: FakeContext) => events.flatMap((event) => (event.type === "mark" ? [event.mark] : []));
const failover: ScenarioSpec["steps"] = [
  { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" },
  { step: "await-vip", node: "beta", isOwned: true, deadlineMs: 5_000 },
  { step: "repair", nodes: ["alpha"] },
];

describe("a scenario", () => {
  it("goes from the first answer to the audit, and leaves a zone that may be used again", async () => {
    const context = await fakeContext();
    const phases: string[] = [];
    let isStarted = false;
    const job = { ...fakeJob({ scenario: { steps: [{ step: "hold", ms: 10 }] } }), report: phases.push.bind(phases) };
    const end = executeScenario(context, job, () => (isStarted = true));
    expect(await during(60_000, end)).toBeNull();
    expect(isStarted).toBe(true);
    expect(marks(context)).toEqual([
      "zone-ready",
      "load-started",
      "steady",
      "held",
      "load-stopped",
      "handing-back",
      "audited",
    ]);
    expect(phases).toEqual([
      "waiting for the first answer",
      "hold",
      "waiting for the service",
      "reading the facts back",
      "handing back to alpha",
    ]);
  });

  it("asks its guide before each step, and leaves out what the guide does not want", async () => {
    const context = await fakeContext();
    const asked: string[] = [];
    const guide = {
      before: ({ step }: { step: string }, place: number) => {
        asked.push(`${place} ${step}`);
        return Promise.resolve(step !== "hold");
      },
      after: () => Promise.resolve(void asked.push("after")),
      [Symbol.asyncDispose]: () => Promise.resolve(void asked.push("closed")),
    };
    const steps: ScenarioSpec["steps"] = [
      { step: "hold", ms: 10 },
      { step: "repair", nodes: ["beta"] },
    ];
    const job = { ...fakeJob({ scenario: { steps } }), openGuide: () => Promise.resolve(guide) };
    await during(
      60_000,
      executeScenario(context, job, () => {}),
    );
    expect(asked).toEqual(["0 hold", "1 repair", "after", "closed"]);
    expect(marks(context)).not.toContain("held");
    expect(marks(context)).toContain("repaired");
  });

  it("heals what its steps left broken, before the load ends", async () => {
    const context = await fakeContext();
    await executed(context, { steps: failover.slice(0, 1) }, true);
    expect(context.fake.nodes.alpha.isUp).toBe(true);
    const phases = context.events.flatMap((one) =>
      one.type === "fault" ? [one.phase] : one.type === "mark" && one.mark === "load-stopped" ? [one.mark] : [],
    );
    expect(phases).toEqual(["intended", "injecting", "effective", "healing", "healed", "load-stopped"]);
  });

  it("moves the service back to alpha; nothing of that is written", async () => {
    const context = await fakeContext();
    expect(await executed(context, { steps: failover })).toBeNull();
    expect(context.fake.active).toBe("alpha");
    expect(marks(context).at(-1)).toBe("audited");
    expect(context.events.at(-1)).toMatchObject({ mark: "audited" });
  });

  it.each<[string, Partial<ScenarioSpec>, boolean]>([
    ["no scenario follows", {}, true],
    ["a node lost its store", { steps: [{ step: "provoke", faults: [{ fault: "wiped", node: "gamma" }] }] }, false],
  ])("does not hand its zone on where %s", async (why, scenario, isLast) => {
    const context = await fakeContext();
    expect(await executed(context, scenario, isLast)).toBe(why);
  });

  it("does not hand on a zone that does not come back", async () => {
    const context = await fakeContext();
    context.fake.answers["run-inside"] = () => ({ code: 0, stdout: "", stderr: "" });
    expect(await executed(context, { steps: failover })).toBe("it did not come back to its steady state");
  });

  it("starts clients inside the nodes that it names, and ends them", async () => {
    const context = await fakeContext();
    await executed(context, { clientsInside: ["beta"] });
    const loads = context.fake.asked.flatMap((one) => (one.do === "load" ? [one.name] : []));
    expect(loads).toEqual(["client", "beta"]);
    expect(marksOf(context, "load-stopped")[0]?.clients).toHaveLength(2);
  });
});

describe("a zone at the start", () => {
  it("is handed to alpha where a cold start elected beta", async () => {
    const context = await fakeContext();
    context.fake.activate("beta");
    await executed(context);
    expect(marksOf(context, "handed-back")).toEqual([{ from: "beta" }]);
    expect(context.fake.active).toBe("alpha");
  });

  it("stays as it was elected where the start is part of the scenario", async () => {
    const context = await fakeContext();
    context.fake.activate("beta");
    const start = { order: ["alpha" as const], gapMs: 0 };
    await executed(context, { start });
    expect(marksOf(context, "steady")).toEqual([{ isTimedOut: true, saw: expect.stringMatching(/beta is MASTER/) }]);
  });

  it.each([
    ["does not answer", (zone: FakeZone) => (zone.isAnswering = false), /first answer through the VIP/],
    ["has no standby", (zone: FakeZone) => (zone.nodes.beta.pid = 0), /beta is down/],
  ])("is trouble when it %s", async (_, spoil, words) => {
    const context = await fakeContext();
    spoil(context.fake);
    await expect(executed(context)).rejects.toMatchObject({
      code: "zone/not-ready",
      message: expect.stringMatching(words),
    });
  });

  it("that never becomes steady is a finding where the start is part of the scenario", async () => {
    const context = await fakeContext();
    context.fake.isAnswering = false;
    const end = executed(context, { start: { order: ["alpha"], gapMs: 0 } });
    expect(await end).toBe("it never became steady");
    expect(marks(context)).toEqual(["steady", "load-stopped"]);
  });
});

describe("an audit", () => {
  it("ends with the last answer about a replica that stays behind: the checkers judge it", async () => {
    const context = await fakeContext();
    let isLate = false;
    context.fake.answers.audit = () => {
      isLate = true;
      return { messages: 1 };
    };
    context.fake.answers.streams = () => {
      context.fake.reportStream("facts_operational", { isCurrent: !isLate });
      return { streams: ["facts_operational"], voters: 3 };
    };
    await executed(context, {}, true);
    expect(marks(context).at(-1)).toBe("audited");
  });

  it("asks the next server when one knows no stream", async () => {
    const context = await fakeContext();
    const asked: string[] = [];
    context.fake.answers.streams = ({ node }) => {
      asked.push(node);
      if (node === "gamma") context.fake.reportStream("facts_operational");
      return { streams: node === "gamma" ? ["facts_operational"] : [], voters: 3 };
    };
    await executed(context, {}, true);
    expect(asked.slice(0, 3)).toEqual(["alpha", "beta", "gamma"]);
  });
});

describe("a pair", () => {
  async function pair(): Promise<[FakeContext, FakeContext]> {
    const peer = await fakeContext(new FakeZone(), { seed: 8 });
    return [await fakeContext(new FakeZone(), { peer }), peer];
  }

  it("waits until both zones hold the same facts, and is used once", async () => {
    const [context, peer] = await pair();
    for (const { fake } of [context, peer])
      fake.answers.streams = () => {
        fake.reportStream("facts_operational", { messages: 5 });
        return { streams: ["facts_operational"], voters: 3 };
      };
    expect(await executed(context, { peers: 2 })).toBe("it is one of a pair");
    expect(marksOf(context, "exchanged")).toEqual([{}]);
    expect(marks(peer)).toEqual(["zone-ready", "load-started", "steady", "load-stopped", "audited"]);
  });

  it("marks zones that do not come to hold the same", async () => {
    const [context, peer] = await pair();
    peer.fake.answers.streams = () => {
      peer.fake.reportStream("facts_operational", { messages: 1_000 });
      return { streams: ["facts_operational"], voters: 3 };
    };
    await executed(context, { peers: 2 });
    expect(marksOf(context, "exchanged")).toEqual([
      { isTimedOut: true, saw: expect.stringMatching(/saw \d+ and 1000 facts/) },
    ]);
  });
});
