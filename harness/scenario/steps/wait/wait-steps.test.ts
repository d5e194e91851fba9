// Steps that wait: they mark what they waited for, and a zone that does not get there in time is a mark too.

import { describe, expect, it } from "@jest/globals";
import { nowNs } from "#base/clock.ts";
import type { Step } from "#spec/steps.ts";
import { during, useFakeClock } from "#scenario/fakes/fake-clock.ts";
import { type FakeContext, fakeContext, marksOf } from "#scenario/fakes/fake-context.ts";
import { FakeZone } from "#scenario/fakes/fake-zone.ts";
import { takeStep } from "../registry.ts";

useFakeClock();

/** Takes the step while the clock moves by `ms`. */
const taken = (context: FakeContext, step: Step, ms = 0) => during(ms, takeStep(context, step));

describe("hold", () => {
  it("takes its time and marks it", async () => {
    const context = await fakeContext();
    const beganNs = nowNs();
    await taken(context, { step: "hold", ms: 5_000 }, 5_000);
    expect(nowNs() - beganNs).toBe(5e9);
    expect(marksOf(context, "held")).toEqual([{ ms: 5_000 }]);
  });
});

describe("await-answer", () => {
  it("ends with an answer of the node that it asks for, and no other", async () => {
    const context = await fakeContext();
    const taking = taken(context, { step: "await-answer", node: "beta", deadlineMs: 1_000 }, 10);
    context.fake.answerCall();
    context.fake.activate("beta");
    await taking;
    expect(marksOf(context, "failed-over")).toEqual([{ node: "beta" }]);
    expect(context.events.at(-2)).toMatchObject({ type: "ok", node: "beta" });
  });

  it("marks a zone that does not answer in time, with what was awaited", async () => {
    const context = await fakeContext();
    context.fake.isAnswering = false;
    await taken(context, { step: "await-answer", deadlineMs: 1_000 }, 1_000);
    const [mark] = marksOf(context, "failed-over");
    expect(mark).toEqual({ isTimedOut: true, saw: expect.stringMatching(/1000 ms for an answer of any node/) });
  });
});

describe("await-vip", () => {
  it("ends at once when the last look says so", async () => {
    const context = await fakeContext();
    await taken(context, { step: "await-vip", node: "alpha", isOwned: true, deadlineMs: 1_000 });
    expect(marksOf(context, "held")).toEqual([{ node: "alpha", isOwned: true }]);
  });

  it("waits for a look that says so", async () => {
    const context = await fakeContext();
    const taking = taken(context, { step: "await-vip", node: "alpha", isOwned: false, deadlineMs: 1_000 }, 10);
    context.fake.activate("beta");
    await taking;
    expect(marksOf(context, "held")).toEqual([{ node: "alpha", isOwned: false }]);
  });

  it("marks a VIP that does not move in time", async () => {
    const context = await fakeContext();
    await taken(context, { step: "await-vip", node: "beta", isOwned: true, deadlineMs: 1_000 }, 1_000);
    expect(marksOf(context, "held")).toEqual([expect.objectContaining({ node: "beta", isTimedOut: true })]);
  });
});

describe("await-rejoin", () => {
  const step = { step: "await-rejoin", node: "beta", deadlineMs: 2_000 } as const;

  it("ends when the node is a member and the zone answers afterwards", async () => {
    const context = await fakeContext();
    const taking = taken(context, step, 10);
    await during(0, Promise.resolve());
    expect(marksOf(context, "recovered")).toEqual([]);
    context.fake.answerCall();
    await taking;
    expect(marksOf(context, "recovered")).toEqual([{ node: "beta" }]);
  });

  it("says what keeps the node from being a member", async () => {
    const context = await fakeContext();
    await context.fake.nodes.beta.kill();
    await taken(context, step, 3_000);
    expect(marksOf(context, "recovered")).toEqual([
      { node: "beta", isTimedOut: true, saw: expect.stringMatching(/beta is down/) },
    ]);
  });

  it("does not take a node for a member while a stream lacks a replica", async () => {
    const context = await fakeContext();
    context.fake.answers.streams = () => {
      context.fake.reportStream("facts_audit", { isCurrent: false });
      return { streams: ["facts_audit"], voters: 3 };
    };
    await taken(context, step, 3_000);
    expect(marksOf(context, "recovered")).toEqual([
      expect.objectContaining({ saw: expect.stringMatching(/facts_audit not current/) }),
    ]);
  });
});

describe("await-monitors", () => {
  const step = { step: "await-monitors", monitors: ["MON-1", "MON-2"], state: "red", deadlineMs: 2_000 } as const;
  const tell = (context: FakeContext, monitor: string, state: "red" | "green") =>
    context.history.record({ t: nowNs(), type: "monitor", monitor, state, why: `${monitor} is ${state}` });

  it("ends when every monitor has the state", async () => {
    const context = await fakeContext();
    const taking = taken(context, { ...step, monitors: [...step.monitors] }, 10);
    tell(context, "MON-1", "red");
    tell(context, "MON-2", "red");
    await taking;
    expect(marksOf(context, "monitors")).toEqual([{ monitors: ["MON-1", "MON-2"], state: "red" }]);
  });

  it("names the monitors that did not get there, and why", async () => {
    const context = await fakeContext();
    const taking = taken(context, { ...step, monitors: [...step.monitors] }, 2_500);
    tell(context, "MON-1", "green");
    await taking;
    const [mark] = marksOf(context, "monitors");
    expect(mark).toMatchObject({ isTimedOut: true, saw: "MON-1: MON-1 is green; MON-2: never reported" });
  });
});

describe("await-current", () => {
  const step = { step: "await-current", node: "beta", deadlineMs: 1_000 } as const;
  const stream = (messages: number) => ({
    name: "facts_operational",
    config: { name: "facts_operational", num_replicas: 3 },
    cluster: { leader: "alpha", replicas: [{ name: "beta", current: true }] },
    state: { messages, bytes: 10 * messages, first_seq: 1, last_seq: messages },
  });

  /** The leader counts 5 messages, beta's own server `held`. */
  async function withHeld(held: number): Promise<FakeContext> {
    const context = await fakeContext();
    context.fake.answers["ask-store"] = () => ({ answer: { streams: [stream(5)] } });
    context.fake.answers["ask-monitor"] = ({ path }) =>
      path === "/routez"
        ? { answer: { routes: [{ in_bytes: 30 }, { in_bytes: 12 }] } }
        : { answer: { account_details: [{ stream_detail: [stream(held)] }] } };
    return context;
  }

  it("marks how much the node holds and how much it was sent", async () => {
    const context = await withHeld(5);
    await taken(context, step, 10);
    expect(marksOf(context, "caught-up")).toEqual([
      { node: "beta", bytes: 50, receivedBytes: 42, streams: ["facts_operational"] },
    ]);
  });

  it("does not take the leader's word alone", async () => {
    const context = await withHeld(3);
    await taken(context, step, 1_500);
    expect(marksOf(context, "caught-up")).toEqual([
      { node: "beta", isTimedOut: true, saw: expect.stringMatching(/beta holds 3 of 5 messages/) },
    ]);
  });
});

describe("await-copies", () => {
  /** Two zones; a zone lists the other's artifact when it `has` it. */
  async function zones(has: boolean): Promise<FakeContext> {
    const peer = await fakeContext(new FakeZone(), { seed: 8 });
    const own = await fakeContext(new FakeZone(), { peer });
    own.fake.answers.files = () => ({ paths: has ? ["triad/a-8"] : [] });
    peer.fake.answers.files = () => ({ paths: has ? ["triad/a-7"] : [] });
    return own;
  }

  it("ends when each zone lists the other's artifact", async () => {
    const context = await zones(true);
    await taken(context, { step: "await-copies", name: "a" }, 10);
    expect(context.fake.askedFor).toContain("files");
  });

  it("does not throw for a copy that does not come: the listed files decide", async () => {
    const context = await zones(false);
    await expect(taken(context, { step: "await-copies", name: "a" }, 60_000)).resolves.toBeUndefined();
  });
});

describe("an aborted signal", () => {
  it.each<Step>([
    { step: "hold", ms: 60_000 },
    { step: "await-answer", node: "beta", deadlineMs: 60_000 },
    { step: "await-vip", node: "beta", isOwned: true, deadlineMs: 60_000 },
    { step: "await-monitors", monitors: ["MON-1"], state: "red", deadlineMs: 60_000 },
    { step: "await-rejoin", node: "beta", deadlineMs: 60_000 },
    { step: "await-current", node: "beta", deadlineMs: 60_000 },
  ])("ends $step at once, and leaves no mark", async (step) => {
    const context = await fakeContext();
    context.fake.active = undefined;
    context.fake.answers["ask-store"] = () => ({ answer: { streams: [] } });
    const taking = taken(context, step, 200);
    context.abort(new Error("interrupted"));
    await expect(taking).rejects.toThrow("interrupted");
    expect(context.events.filter(({ type }) => type === "mark")).toEqual([]);
  });
});
