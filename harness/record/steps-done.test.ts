// What was done by hand becomes steps that do it again: the same faults, the waits between them, and no program.

import { describe, expect, it } from "@jest/globals";
import type { HistoryEvent } from "#history/event.ts";
import { parseScenario } from "#scenario-file/parse-scenario.ts";
import { scenarioText } from "#scenario-file/scenario-text.ts";
import { stepsDone } from "./steps-done.ts";

const at = (s: number) => s * 1e9;
const mark = (s: number, name: string, detail?: object): HistoryEvent =>
  ({ t: at(s), type: "mark", mark: name, ...(detail ? { detail } : {}) }) as HistoryEvent;
const phase = (s: number, spec: { fault: string; node: string }, id: number, name: string): HistoryEvent =>
  ({
    t: at(s),
    type: "fault",
    fault: spec.fault,
    id,
    nodes: [spec.node],
    phase: name,
    ...(name === "intended" ? { detail: { ...spec, words: "words" } } : {}),
  }) as HistoryEvent;
const done = (s: number, spec: { fault: string; node: string }, id: number): HistoryEvent[] => [
  phase(s, spec, id, "intended"),
  phase(s + 0.1, spec, id, "injecting"),
  phase(s + 0.2, spec, id, "effective"),
];
const undone = (s: number, spec: { fault: string; node: string }, id: number): HistoryEvent[] => [
  phase(s, spec, id, "healing"),
  phase(s + 0.5, spec, id, "healed"),
];
const answer = (s: number, node: string): HistoryEvent =>
  ({ t: at(s), type: "ok", op: 1, process: "client-0", f: "append", node, offset: 1 }) as HistoryEvent;
const kill = { fault: "kill", node: "alpha" };
const full = { fault: "storage", node: "beta", way: "full" };
const start = mark(10, "steady");
const provoked = (s: number, to?: string) =>
  mark(s, "provoked", { expectsFailover: to !== undefined, ...(to ? { to } : {}) });

describe("what was done by hand", () => {
  it("becomes its faults, with the takeover that the person waited for and the rest of the wait", () => {
    const events = [start, provoked(15, "beta"), ...done(15, kill, 1), answer(25, "beta"), ...undone(30, kill, 1)];
    expect(stepsDone(events).steps).toEqual([
      { step: "hold", ms: 5_000 },
      { step: "provoke", faults: [kill], to: "beta" },
      { step: "await-answer", node: "beta", deadlineMs: 40_000 },
      { step: "hold", ms: 5_000 },
      { step: "repair", nodes: ["alpha"] },
      { step: "await-rejoin", node: "alpha", deadlineMs: 60_000 },
      { step: "hold", ms: 1_500 },
      { step: "inspect" },
    ]);
  });

  it("keeps a wait that ended before the takeover as it was", () => {
    const events = [start, provoked(15, "beta"), ...done(15, kill, 1), ...undone(18.2, kill, 1), answer(25, "beta")];
    expect(stepsDone(events).steps.slice(1, 4)).toEqual([
      { step: "provoke", faults: [kill], to: "beta" },
      { step: "hold", ms: 3_000 },
      { step: "repair", nodes: ["alpha"] },
    ]);
  });

  it("puts the faults of one command, and the undoing of several, into one step", () => {
    const pause = { fault: "pause", node: "gamma" };
    const events = [
      start,
      provoked(15),
      ...done(15, full, 1),
      ...done(15.3, pause, 2),
      ...undone(20, pause, 2),
      ...undone(20.55, full, 1),
    ];
    const { steps } = stepsDone(events);
    expect(steps).toContainEqual({ step: "provoke", faults: [full, pause] });
    expect(steps).toContainEqual({ step: "repair", nodes: ["gamma", "beta"] });
  });

  it("leaves out what was impossible or failed, and programs, and says so", () => {
    const program = mark(16, "by-hand", { user: "ann", command: "pkill gate", node: "beta", phase: "begun" });
    const events = [
      start,
      provoked(12),
      phase(12, kill, 1, "intended"),
      phase(12, kill, 1, "impossible"),
      program,
      provoked(17),
      ...done(17, full, 2),
    ];
    const { steps, left, comments } = stepsDone(events);
    expect(steps.filter(({ step }) => step === "provoke")).toHaveLength(1);
    expect(left).toEqual(['"pkill gate" in beta']);
    expect([...comments.values()]).toEqual(['not replayed: "pkill gate" in beta']);
  });

  it("is a file that the reader takes", () => {
    const events = [start, provoked(15, "beta"), ...done(15, kill, 1), answer(25, "beta"), ...undone(30, kill, 1)];
    const { steps, comments } = stepsDone(events);
    const text = scenarioText({ title: "by hand", expect: { kept: ["FAIL-1"] }, steps }, comments);
    const scenario = parseScenario(text, "by-hand.yaml").scenario({ name: "by-hand", seed: 1 });
    expect(scenario.steps).toEqual(steps);
    expect(scenario.entries).toContain("FAIL-1");
  });
});
