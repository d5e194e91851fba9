// Steps that act: what they ask of the agent, and which marks they leave.

import { describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import type { FaultEvent, HistoryEvent } from "#history/event.ts";
import { during, useFakeClock } from "#scenario/fakes/fake-clock.ts";
import { type FakeContext, fakeContext, marksOf } from "#scenario/fakes/fake-context.ts";
import { FakeZone } from "#scenario/fakes/fake-zone.ts";
import { plannedFaults } from "#spec/scenario.ts";
import type { Step } from "#spec/steps.ts";
import { takeStep } from "../registry.ts";

useFakeClock();

const taken = (context: FakeContext, step: Step, ms = 0) => during(ms, takeStep(context, step));
const faultsOf = ({ events }: FakeContext) => events.filter((one): one is FaultEvent => one.type === "fault");
const storage = { spec: { stores: "ext4" } } as const;

describe("provoke", () => {
  const step: Step = { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" };

  it("has the intent in the history before the node is touched", async () => {
    const context = await fakeContext();
    const { alpha } = context.fake.nodes;
    const kill = alpha.kill.bind(alpha);
    let before: HistoryEvent[] = [];
    alpha.kill = () => {
      before = [...context.events];
      return kill();
    };
    await taken(context, step);
    expect(before.slice(-3)).toEqual([
      expect.objectContaining({ mark: "provoked", detail: { expectsFailover: true, from: "alpha", to: "beta" } }),
      expect.objectContaining({ type: "fault", phase: "intended", nodes: ["alpha"] }),
      expect.objectContaining({ type: "fault", phase: "injecting" }),
    ]);
    expect(faultsOf(context).at(-1)).toMatchObject({ phase: "effective", proof: "container exited with 137" });
  });

  it("injects the planned faults in planned order, and `repair` heals them, the last one first", async () => {
    const context = await fakeContext();
    const steps: Step[] = [
      { step: "provoke", faults: [{ fault: "stop", node: "gamma" }] },
      { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" },
      { step: "repair", nodes: ["alpha", "gamma"] },
    ];
    for (const one of steps) await taken(context, one);
    const inPhase = (phase: string) => faultsOf(context).flatMap((one) => (one.phase === phase ? [one.fault] : []));
    expect(inPhase("effective")).toEqual(plannedFaults({ steps }).map(({ fault }) => fault));
    expect(inPhase("healed")).toEqual(["kill", "stop"]);
    expect(marksOf(context, "repaired")).toEqual([{ node: "alpha" }, { node: "gamma" }]);
    expect(context.injector.standingNodes).toEqual([]);
  });

  it("names no server when none is active, and writes down a fault that fails", async () => {
    const context = await fakeContext();
    context.fake.activate(undefined);
    context.fake.nodes.alpha.kill = () => Promise.reject(new Error("the daemon is away"));
    await taken(context, step);
    expect(marksOf(context, "provoked")).toEqual([{ expectsFailover: true, from: null, to: "beta" }]);
    expect(faultsOf(context).at(-1)).toMatchObject({ phase: "failed", proof: expect.stringMatching(/daemon is away/) });
  });
});

describe("repair", () => {
  it("undoes a fault whose injection threw half way", async () => {
    const context = await fakeContext();
    const { alpha } = context.fake.nodes;
    const kill = alpha.kill.bind(alpha);
    alpha.kill = async () => {
      await kill();
      throw new Error("the daemon did not answer");
    };
    await taken(context, { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" });
    expect([alpha.isUp, context.injector.standingNodes]).toEqual([false, ["alpha"]]);
    await taken(context, { step: "repair", nodes: ["alpha"] });
    expect(alpha.isUp).toBe(true);
    expect(faultsOf(context).map(({ phase }) => phase)).toEqual([
      "intended",
      "injecting",
      "failed",
      "healing",
      "healed",
    ]);
  });
});

describe("pace, pause-load and resume-load", () => {
  it("change the load of the client host, each with a mark", async () => {
    const context = await fakeContext();
    await taken(context, { step: "pace", inFlight: 4 });
    await taken(context, { step: "pace", appendPerS: 10 });
    await taken(context, { step: "pause-load" });
    await taken(context, { step: "resume-load" });
    expect(context.fake.asked).toEqual([
      { do: "pace", inFlight: 4 },
      { do: "pace", appendPerS: 10 },
      { do: "stop" },
      expect.objectContaining({ do: "load", name: "client" }),
    ]);
    expect(marksOf(context, "paced")).toEqual([{ inFlight: 4 }, { appendPerS: 10 }]);
  });

  it("mark the pause before the client drains", async () => {
    const context = await fakeContext();
    context.fake.answers.stop = () => {
      context.fake.answerCall();
      return { invoked: 1, ok: 1, fail: 0, info: 0, skipped: 0 };
    };
    await taken(context, { step: "pause-load" });
    expect(context.events.slice(-3).map(({ type }) => type)).toEqual(["mark", "invoke", "ok"]);
  });
});

describe("artifact calls", () => {
  it("go through the VIP, each with an operation number of its own", async () => {
    const context = await fakeContext();
    context.fake.answers.artifact = () => ({ outcome: "ok" });
    await taken(context, { step: "put-artifact", name: "a" });
    await taken(context, { step: "get-artifact", name: "a" });
    await taken(context, { step: "refer-artifact", name: "a" });
    expect(context.fake.asked).toEqual([
      expect.objectContaining({ f: "put", key: "a-7", op: 1_000_000_000, target: `${context.fake.plan.vip}:9443` }),
      expect.objectContaining({ f: "get", key: "a-7", op: 1_000_000_001 }),
      expect.objectContaining({ f: "refer", fromZone: "plant-a-bsfg", toZone: "enterprise-bsfg" }),
    ]);
  });
});

describe("flush and count-disks", () => {
  it("ask the nodes that are up and have disks", async () => {
    const context = await fakeContext(new FakeZone(storage));
    await context.fake.nodes.beta.kill();
    const counts = { writes: 1, writtenBytes: 2, flushes: 3 };
    context.fake.answers.flush = () => {};
    context.fake.answers["count-disks"] = () => counts;
    await taken(context, { step: "flush", nodes: ["alpha", "beta"] });
    await taken(context, { step: "count-disks" });
    expect(marksOf(context, "flushed")).toEqual([{ beganNs: expect.any(Number), nodes: ["alpha"] }]);
    expect(marksOf(context, "disks")).toEqual([{ alpha: counts, gamma: counts }]);
  });

  it("leave a zone without disks alone", async () => {
    const context = await fakeContext();
    await taken(context, { step: "flush" });
    expect(marksOf(context, "flushed")).toEqual([{ beganNs: expect.any(Number), nodes: [] }]);
    expect(context.fake.asked).toEqual([]);
  });
});

describe("fill", () => {
  it("asks the voter without a service, or the next node that is up", async () => {
    const context = await fakeContext();
    context.fake.answers.fill = ({ messages }) => ({ messages, bytes: 65_536 * messages, acknowledged: 40 });
    await taken(context, { step: "fill", bytes: 100_000 });
    await context.fake.nodes.gamma.kill();
    await taken(context, { step: "fill", bytes: 1 });
    const asked = context.fake.asked.flatMap((one) => (one.do === "fill" ? [[one.pid, one.messages, one.prefix]] : []));
    expect(asked).toEqual([
      [expect.any(Number), 2, "bulk-7"],
      [context.fake.nodes.beta.pid, 1, "bulk-7"],
    ]);
    expect(marksOf(context, "filled")[0]).toEqual({ messages: 2, bytes: 131_072, acknowledged: 40 });
  });

  it("is trouble in a zone without a node", async () => {
    const context = await fakeContext();
    for (const node of Object.values(context.fake.nodes)) await node.kill();
    await expect(taken(context, { step: "fill", bytes: 1 })).rejects.toThrow("no node of the zone is up");
  });
});

describe("start-by-hand and try-bind", () => {
  it("mark the command's end and the processes that it started", async () => {
    const context = await fakeContext();
    context.fake.answers.processes = () => ({ seen: [4, 5], left: [5] });
    await taken(context, { step: "start-by-hand", node: "beta", ms: 1_000 });
    expect(marksOf(context, "started-by-hand")).toEqual([
      { node: "beta", atNs: expect.any(Number), code: 0, seen: 2, left: 1, command: expect.any(Array) },
    ]);
  });

  it("watch on while a process is left, because a busy machine is slow", async () => {
    const context = await fakeContext();
    const answers = [
      { seen: [4], left: [4] },
      { seen: [4, 6], left: [] },
    ];
    context.fake.answers.processes = () => answers.shift()!;
    await taken(context, { step: "start-by-hand", node: "beta", ms: 1_000 });
    expect(marksOf(context, "started-by-hand")).toMatchObject([{ seen: 2, left: 0 }]);
  });

  it("hold a node without the operator's command to the node contract", async () => {
    const context = await fakeContext();
    context.fake.answers.processes = () => ({ seen: [], left: [] });
    context.fake.answers["run-inside"] = () => ({ code: 127, stdout: "", stderr: "not found\n" });
    const step: Step = { step: "start-by-hand", node: "beta", ms: 1_000 };
    await expect(taken(context, step)).rejects.toMatchObject({ code: "image/breaks-contract" });
  });

  it("write the kernel's answer as an event, and trouble when the bind could not be tried", async () => {
    const context = await fakeContext();
    context.fake.answers["run-inside"] = () => ({ code: 0, stdout: "EADDRNOTAVAIL\n", stderr: "" });
    await taken(context, { step: "try-bind", node: "beta" });
    const { plan } = context.fake;
    expect(context.events.slice(-2)).toMatchObject(
      [plan.nodes.beta.zoneAddress, plan.vip].map((address) => ({
        type: "bind",
        node: "beta",
        target: `${address}:9443`,
        outcome: "EADDRNOTAVAIL",
      })),
    );
    context.fake.answers["run-inside"] = () => ({ code: 2, stdout: "", stderr: "no perl" });
    await expect(taken(context, { step: "try-bind", node: "beta" })).rejects.toThrow(/could not be tried: no perl/);
  });
});

describe("renew-certificate", () => {
  it("installs the next certificate and marks its fingerprint", async () => {
    const context = await fakeContext();
    context.fake.answers["write-files"] = ({ files }) => ({ bytes: files.length });
    context.fake.answers["run-inside"] = () => ({ code: 0, stdout: "CERTIFICATE", stderr: "" });
    await taken(context, { step: "renew-certificate", node: "beta" });
    expect(marksOf(context, "renewed")).toEqual([{ node: "beta", fingerprint: "f1" }]);
  });

  it("is trouble on a node that is down", async () => {
    const context = await fakeContext();
    await context.fake.nodes.beta.kill();
    await expect(taken(context, { step: "renew-certificate", node: "beta" })).rejects.toThrow(/beta is down/);
  });
});

describe("at-peer", () => {
  it("takes its steps in the other zone, with their events in that zone's history", async () => {
    const peer = await fakeContext();
    const context = await fakeContext(new FakeZone(), { peer });
    await taken(context, { step: "at-peer", steps: [{ step: "provoke", faults: [{ fault: "kill", node: "gamma" }] }] });
    expect([context.fake.nodes.gamma.isUp, peer.fake.nodes.gamma.isUp]).toEqual([true, false]);
    expect(faultsOf(context)).toEqual([]);
    expect(faultsOf(peer).at(-1)).toMatchObject({ phase: "effective" });
  });

  it("is trouble in a scenario with one zone", async () => {
    const context = await fakeContext();
    const step: Step = { step: "at-peer", steps: [{ step: "hold", ms: 1 }] };
    await expect(taken(context, step)).rejects.toThrow("the scenario has no peer zone");
  });
});

describe("withhold", () => {
  const step: Step = { step: "withhold", ms: 700 };
  const asked = { "freeze-together": () => ({ fromNs: 1, toNs: 2 }) };

  it("freezes the servers of the two nodes that do not serve", async () => {
    const context = await fakeContext();
    context.fake.activate("beta");
    Object.assign(context.fake.answers, asked);
    await taken(context, step);
    expect(context.fake.asked.at(-1)).toMatchObject({ do: "freeze-together", match: "nats-server", forMs: 700 });
    expect(marksOf(context, "withheld")).toEqual([{ nodes: ["alpha", "gamma"], active: "beta", fromNs: 1, toNs: 2 }]);
  });

  it("writes down why nothing was frozen", async () => {
    const context = await fakeContext();
    context.fake.answers["freeze-together"] = () => {
      throw new HarnessError("agent/refused", "a node runs no process named nats-server");
    };
    await taken(context, step);
    context.fake.activate(undefined);
    await taken(context, step);
    const [failed, nobody] = marksOf(context, "withheld");
    expect(failed).toMatchObject({ active: "alpha", saw: expect.stringMatching(/runs no process/) });
    expect(nobody).toMatchObject({ saw: "no node was active" });
    expect(failed).not.toHaveProperty("fromNs");
  });
});
