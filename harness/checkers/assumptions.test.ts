// What must be true of a run before anything of it is kept: each assumption that is not met is named.

import { describe, expect, it } from "@jest/globals";
import type { FaultPhase, HistoryEvent } from "#history/event.ts";
import { viewOf } from "#history/view.ts";
import { takeover } from "#corpus/builders/failure.ts";
import { atNs, HistoryBuilder } from "#corpus/builders/history-builder.ts";
import { mutate } from "#corpus/cases/case.ts";
import { appendsPerSecond, unmetAssumptions } from "./assumptions.ts";

const unmetIn = (builder: HistoryBuilder) => unmetAssumptions(viewOf(builder.build()));
const without = (isGone: (event: HistoryEvent) => boolean) =>
  mutate(takeover(), (event) => (isGone(event) ? undefined : event));
const isPhase = (event: HistoryEvent, phase: FaultPhase) => event.type === "fault" && event.phase === phase;
const isMark = (event: HistoryEvent, mark: string) => event.type === "mark" && event.mark === mark;

/** The phase of the fault becomes another one, with or without a proof. */
function rephased(from: FaultPhase, to: FaultPhase, proof?: string): HistoryBuilder {
  return mutate(takeover(), (event) => {
    if (event.type !== "fault" || event.phase !== from) return event;
    const { proof: _, ...rest } = event;
    return { ...rest, phase: to, ...(proof ? { proof } : {}) } as HistoryEvent;
  });
}

describe("the assumptions of a run", () => {
  it("are met by a right run", () => {
    expect(unmetIn(takeover())).toEqual([]);
  });

  it("name trouble of the harness first, three at most", () => {
    const builder = takeover();
    for (const message of ["one", "two", "three", "four"])
      builder.add({ t: atNs(33), type: "trouble", code: "agent/lost", message });
    expect(unmetIn(builder)).toEqual(
      ["one", "two", "three"].map((message) => `the harness had trouble: [agent/lost] ${message}`),
    );
  });

  it("name a step that a person left out", () => {
    const skipped = takeover().mark(33, "by-hand", { user: "ann", command: "skip { hold: 2s }", phase: "done" });
    expect(unmetIn(skipped)).toEqual(["a person changed the run: skip { hold: 2s }"]);
  });

  it("name a call that does not pair", () => {
    const builder = without((event) => event.type === "invoke" && event.t === atNs(30));
    expect(unmetIn(builder)[0]).toMatch(/^the history is malformed: /);
  });

  it.each(["zone-ready", "load-started", "steady", "load-stopped", "audited"])("need the mark %s", (mark) => {
    expect(unmetIn(without((event) => isMark(event, mark)))).toContain(`the scenario never reached "${mark}"`);
  });
});

describe("the faults of a run", () => {
  it("are those of the plan, in number", () => {
    const unplanned = takeover();
    unplanned.header.plannedFaults = [];
    expect(unmetIn(unplanned)).toEqual([
      "0 faults were planned and 1 ran",
      "fault kill on alpha ran and was not planned",
    ]);
    expect(unmetIn(without((event) => event.type === "fault"))).toEqual([
      "1 faults were planned and 0 ran",
      "fault kill on alpha was planned and did not run",
    ]);
  });

  it("are those of the plan, by name and node", () => {
    const builder = takeover();
    builder.header.plannedFaults = [{ fault: "kill", nodes: ["alpha", "beta"] }];
    expect(unmetIn(builder)).toEqual(["fault kill on alpha+beta was planned and kill on alpha ran instead"]);
  });

  it.each([
    [
      "is impossible",
      rephased("effective", "impossible", "no such device"),
      /kill on alpha is impossible here: no such/,
    ],
    ["is impossible without a reason", rephased("effective", "impossible"), /impossible here: no reason given/],
    ["failed", rephased("effective", "failed", "it ran on"), /kill on alpha failed: it ran on/],
    ["failed without a reason", rephased("effective", "failed"), /failed: no reason given/],
    ["never took effect", without((event) => isPhase(event, "effective")), /never took effect/],
    ["has no proof of its effect", rephased("effective", "effective"), /no proof of its effect/],
    ["was never healed", without((event) => isPhase(event, "healed")), /was never healed/],
    ["has no proof of its healing", rephased("healed", "healed"), /no proof of its healing/],
  ])("%s", (_, builder, reason) => {
    expect(unmetIn(builder)).toEqual([expect.stringMatching(reason)]);
  });
});

describe("the load of a run", () => {
  it("is counted in whole seconds from its start to its end, on the client host", () => {
    const builder = new HistoryBuilder("load", []).mark(2, "load-started").mark(5.5, "load-stopped");
    for (const s of [1.9, 2, 2.5, 3.2, 5.1]) builder.append({ s, process: "client-1", node: "alpha" });
    builder.append({ s: 3.3, process: "alpha-1", node: "alpha" });
    expect(appendsPerSecond(viewOf(builder.build()))).toEqual([2, 1, 0]);
  });

  it("is not counted without a start or an end", () => {
    for (const mark of ["load-started", "load-stopped"])
      expect(appendsPerSecond(viewOf(without((event) => isMark(event, mark)).build()))).toEqual([]);
  });

  it("may miss its floor in no window of five seconds", () => {
    const isCall = (event: HistoryEvent) => "op" in event && event.t >= atNs(31) && event.t < atNs(33.9);
    expect(unmetIn(without(isCall))).toEqual([
      "load was below its floor of 2 appends a second in 3 of 46 windows of 5 s, first in second 23 with 1.6 a second",
    ]);
  });

  it("may pause where the scenario says so, up to the end of the pause", () => {
    const isCall = (event: HistoryEvent) => "op" in event && event.t >= atNs(31) && event.t < atNs(39);
    expect(unmetIn(without(isCall))).toHaveLength(1);
    expect(unmetIn(without(isCall).mark(31, "load-paused").mark(39, "load-resumed"))).toEqual([]);
    expect(unmetIn(without(isCall).mark(31, "load-paused"))).toEqual([]);
    expect(unmetIn(without(isCall).mark(31, "load-paused").mark(34, "load-resumed"))).toHaveLength(1);
  });

  it("had an acknowledged fact half a second before the fault", () => {
    const early = (event: HistoryEvent, toS: number) =>
      event.type === "ok" && event.f === "append" && event.t < atNs(toS);
    const unanswered = (toS: number) =>
      mutate(takeover(), (event) =>
        early(event, toS) ? ({ ...event, type: "info", error: "call-timeout" } as HistoryEvent) : event,
      );
    expect(unmetIn(unanswered(12))).toEqual(["no fact was acknowledged before the first fault"]);
    expect(unmetIn(unanswered(11.2))).toEqual([]);
    // The injection began at 11.95: the fact of 11.5 is too late to show that the zone served before it.
    expect(unmetIn(unanswered(11.45))).toEqual(["no fact was acknowledged before the first fault"]);
  });
});

describe("the observer of a run", () => {
  const silent = (fromS: number, toS: number) =>
    without((event) => event.type === "looks" && event.t > atNs(fromS) && event.t < atNs(toS));

  it("may lose one look of a second and not two", () => {
    expect(unmetIn(silent(30, 32))).toEqual([]);
    expect(unmetIn(silent(30, 33))).toEqual(["the observer was silent for 3.0 s"]);
  });

  it("looks from the start of the zone to the end of load", () => {
    expect(unmetIn(silent(0, 8))).toEqual(["the observer was silent for 3.0 s"]);
    expect(unmetIn(silent(53, 99))).toEqual(["the observer was silent for 3.0 s"]);
    expect(unmetIn(silent(0, 7))).toEqual([]);
  });

  it("is silent when a report counts no look", () => {
    const builder = mutate(takeover(), (event) =>
      event.type === "looks" && event.t > atNs(30) && event.t < atNs(34) ? { ...event, looks: 0 } : event,
    );
    expect(unmetIn(builder)).toEqual(["the observer was silent for 4.0 s"]);
  });
});

describe("the lines of a run", () => {
  const stride = 10_000_000;

  /** Calls of a client in its load of that number, and what the clients counted. */
  function counted(
    calls: readonly { process: string; load: number; isOk?: boolean }[],
    clients: readonly Record<string, number>[],
  ): string[] {
    const builder = without((event) => isMark(event, "load-stopped") || "op" in event || event.type === "stored");
    for (const [place, { process, load, isOk = true }] of calls.entries()) {
      const call = { op: load * stride + place, process, f: "health" as const };
      builder.add({ t: atNs(20 + place / 10), type: "invoke", ...call });
      if (isOk) builder.add({ t: atNs(20.05 + place / 10), type: "ok", ...call, node: "alpha" });
    }
    builder.add({ t: atNs(56), type: "mark", mark: "load-stopped", detail: { clients } } as HistoryEvent);
    return unmetIn(builder).filter((sentence) => sentence.startsWith("the clients counted"));
  }

  const ok = { process: "client-1", load: 0 };

  it("are as many as the clients counted", () => {
    expect(counted([ok, ok], [{ invoked: 2, ok: 2, fail: 0, info: 0 }])).toEqual([]);
    expect(counted([ok, ok], [{ invoked: 1 }, { invoked: 1, ok: 2 }])).toEqual([]);
    expect(counted([ok], [])).toEqual([]);
  });

  it("are not fewer: the first count that differs is named", () => {
    expect(counted([ok], [{ invoked: 2, ok: 2 }])).toEqual([
      "the clients counted 2 calls invoked, and the history holds 1",
    ]);
    expect(counted([ok], [{ invoked: 1, ok: 1, info: 1 }])).toEqual([
      "the clients counted 1 calls info, and the history holds 0",
    ]);
  });

  it("count a call without an outcome as invoked only", () => {
    expect(counted([ok, { ...ok, isOk: false }], [{ invoked: 2, ok: 1 }])).toEqual([]);
  });

  it("are those of each client's last load", () => {
    const later = { ...ok, load: 1 };
    expect(counted([ok, ok, later], [{ invoked: 1, ok: 1 }])).toEqual([]);
    expect(counted([later, ok, later], [{ invoked: 2, ok: 2 }])).toEqual([]);
  });

  it("are those of the client host and of the clients inside nodes, and of no one else", () => {
    const others = ["alpha-1", "beta-1"].map((process) => ({ process, load: 0 }));
    expect(counted([ok, ...others, { process: "prober-1", load: 0 }], [{ invoked: 3, ok: 3 }])).toEqual([]);
  });
});
