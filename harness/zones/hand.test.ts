// What a command by hand leaves in the zone's history and in the list of standing faults, also when it fails.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { FakeZone, type FakeZoneOptions } from "#faults/fake-zone.ts";
import type { HistoryEvent, MarkEvent } from "#history/event.ts";
import type { FaultSpec } from "#spec/faults.ts";
import { Hand } from "./hand.ts";
import { findKept, saveKept } from "./kept-files.ts";
import { expectedTakeover } from "./takeover.ts";

const formerCache = process.env["TRIAD_CACHE"];
beforeEach(() => {
  process.env["TRIAD_CACHE"] = mkdtempSync(join(tmpdir(), "triad-hand-"));
});
afterEach(() => {
  rmSync(process.env["TRIAD_CACHE"]!, { recursive: true });
  if (formerCache === undefined) delete process.env["TRIAD_CACHE"];
  else process.env["TRIAD_CACHE"] = formerCache;
});

/** Alpha holds the VIP, unless the replies say otherwise. */
function handOn(options: FakeZoneOptions = {}) {
  const holdsVip = (request: { pid: number }) => ({
    code: 0,
    stdout: request.pid === fake.node("alpha").pid ? "1: eth0 inet vip" : "",
    stderr: "",
  });
  const fake: FakeZone = new FakeZone({
    ...options,
    replies: { "run-inside": holdsVip, ...options.replies },
  } as FakeZoneOptions);
  saveKept({ name: "a", plan: fake.plan, standing: [] });
  const events: HistoryEvent[] = [];
  const hand = new Hand(fake.zone, "a", (event) => events.push(event));
  const marks = () => events.filter((event): event is MarkEvent => event.type === "mark");
  const phases = () => events.flatMap((event) => (event.type === "fault" ? [event.phase] : []));
  return { fake, hand, events, marks, phases, standing: () => findKept("a").standing.map(({ spec }) => spec) };
}

const killAlpha: FaultSpec = { fault: "kill", node: "alpha" };

describe("a fault by hand", () => {
  it("leaves who did it, the takeover that it asks for, its intent before its effect, and the proof", async () => {
    const { hand, events, marks, phases } = handOn();
    expect(await hand.inject([killAlpha])).toEqual(["kill alpha: container exited with 137"]);
    expect(marks().map(({ mark }) => mark)).toEqual(["neighbour", "provoked", "by-hand"]);
    expect(marks()[1]).toMatchObject({ detail: { expectsFailover: true, from: "alpha", to: "beta" } });
    expect(marks()[2]).toMatchObject({
      detail: { user: expect.stringMatching(/./), command: "kill alpha", phase: "begun" },
    });
    expect(phases()).toEqual(["intended", "injecting", "effective"]);
    expect(events.at(-1)).toMatchObject({ proof: "container exited with 137" });
  });

  it("is undone with the number that it was recorded under, and then no longer stands", async () => {
    const { hand, events, phases, marks, standing } = handOn();
    await hand.inject([killAlpha]);
    expect(standing()).toEqual([killAlpha]);
    expect(await hand.heal()).toEqual([expect.stringMatching(/^kill alpha: undone, container runs as pid/)]);
    expect(phases()).toEqual(["intended", "injecting", "effective", "healing", "healed"]);
    expect(new Set(events.flatMap((event) => (event.type === "fault" ? [event.id] : []))).size).toBe(1);
    expect(marks().at(-1)).toMatchObject({ mark: "repaired", detail: { node: "alpha" } });
    expect(standing()).toEqual([]);
  });

  it("that failed is written down with its reason, and stands: part of it may have happened", async () => {
    const { hand, events, standing } = handOn({ replies: { signal: () => ({ pids: [], states: [] }) } });
    const spec: FaultSpec = { fault: "process-kill", node: "beta", process: "gate" };
    await expect(hand.inject([spec])).rejects.toMatchObject({ code: "fault/no-effect" });
    expect(events.at(-1)).toMatchObject({ phase: "failed", proof: "[fault/no-effect] beta runs no gate" });
    expect(standing()).toEqual([spec]);
  });

  it("that is impossible here does not stand", async () => {
    const { hand, phases, standing } = handOn({ spec: { stores: "folder" } });
    const joint: FaultSpec = { fault: "power", node: "alpha", with: ["beta", "gamma"] };
    await expect(hand.inject([joint])).rejects.toMatchObject({ code: "fault/impossible" });
    expect([phases(), standing()]).toEqual([["intended", "impossible"], []]);
  });
});

describe("a program by hand", () => {
  it("leaves the command, the node and the exit code", async () => {
    const { hand, marks } = handOn();
    expect(await hand.program("beta", ["pkill", "gate"], async () => 7)).toBe(7);
    expect(marks().map(({ detail }) => detail)).toEqual([
      expect.objectContaining({ node: "beta", command: "pkill gate", phase: "begun" }),
      expect.objectContaining({ node: "beta", command: "pkill gate", phase: "done", code: 7 }),
    ]);
  });

  it("that could not run leaves the reason", async () => {
    const { hand, marks } = handOn();
    const run = () => Promise.reject(new Error("no such program"));
    await expect(hand.program("beta", ["x"], run)).rejects.toThrow("no such program");
    expect(marks().at(-1)).toMatchObject({ detail: { phase: "failed", saw: "no such program" } });
  });
});

describe("the node that must take over", () => {
  const isolated: FaultSpec = { fault: "cut", node: "alpha", segments: ["zone", "control"], direction: "both" };
  const asked = (specs: FaultSpec[], from: "alpha" | "beta" | undefined = "alpha", standing: FaultSpec[] = []) =>
    expectedTakeover(specs, { from, standing });

  it("is the other service node, when the one with the VIP ends or is cut off", () => {
    expect([asked([killAlpha]), asked([{ fault: "stop", node: "beta" }], "beta"), asked([isolated])]).toEqual([
      "beta",
      "alpha",
      "beta",
    ]);
  });

  it("is none when something else may rightly deny it", () => {
    const full: FaultSpec = { fault: "storage", node: "beta", way: "full" };
    expect(asked([killAlpha], "alpha", [full])).toBeUndefined();
    expect(asked([killAlpha, { fault: "kill", node: "gamma" }])).toBeUndefined();
    expect(asked([killAlpha], "beta")).toBeUndefined();
    expect(expectedTakeover([killAlpha], { from: undefined, standing: [] })).toBeUndefined();
    expect(asked([{ fault: "process-kill", node: "alpha", process: "keepalived" }])).toBeUndefined();
    expect(asked([{ ...isolated, peers: ["gamma"] }])).toBeUndefined();
    expect(asked([{ ...isolated, direction: "out" }])).toBeUndefined();
  });
});

describe("a fault that another version left", () => {
  it.each(["inject", "heal"] as const)("ends %s with a coded error, before anything is done", async (act) => {
    const { fake, hand, events } = handOn();
    const spec = { fault: "melt", node: "beta" } as unknown as FaultSpec;
    saveKept({ name: "a", plan: fake.plan, standing: [{ id: 1, spec }] });
    const done = act === "inject" ? hand.inject([killAlpha]) : hand.heal();
    await expect(done).rejects.toMatchObject({
      code: "zone/other-version",
      message: "a fault stands in zone a: melt on beta, which this version does not know",
      remedy: expect.stringContaining("./triad down a"),
    });
    expect([events, fake.log]).toEqual([[], []]);
  });
});
