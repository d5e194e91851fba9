// What the view finds in a history: paired calls, certain and possible spans, the phases of faults.

import { describe, expect, it } from "@jest/globals";

import type { History, HistoryEvent, ObservedEvent } from "./event.ts";
import { pairOperations } from "./operations.ts";
import { activity, overlapOf, spansOf } from "./spans.ts";
import { stateAt, viewOf } from "./view.ts";

const endpoint = { vip: "10.0.0.1", rpcPort: 9443 };
const idle = { isAlive: true, ownsVip: false, listens: [] as string[], isFrozen: false };
const serving = { ...idle, ownsVip: true, listens: ["10.0.0.1:9443"] };
const seen = (t: number, sinceNs: number, state: Partial<ObservedEvent>): ObservedEvent => ({
  t,
  type: "observed",
  node: "alpha",
  sinceNs,
  ...idle,
  ...state,
});
const active = (events: ObservedEvent[], endNs = 100) =>
  spansOf(
    events.map((event, index) => ({ event, index })),
    activity(endpoint),
    endNs,
  ).map((span) => [span.earliestNs, span.fromNs, span.toNs, span.latestNs]);

describe("spans", () => {
  it("have certain ends at looks and possible ends at the neighbouring looks", () => {
    expect(active([seen(5, 0, {}), seen(20, 15, serving), seen(40, 35, {})])).toEqual([[15, 20, 35, 40]]);
  });

  it("may begin before an event that repeats an older look at the freezer", () => {
    const paused = { ...serving, isFrozen: true };
    const events = [seen(5, 0, paused), seen(20, 2, { ...paused, role: "MASTER" }), seen(24, 14, serving)];
    expect(active(events)).toEqual([[14, 24, 100, 100]]);
  });

  it("are certain only to the last look at the freezer", () => {
    const paused = { ...serving, isFrozen: true };
    const events = [seen(5, 1, serving), seen(20, 2, { ...serving, role: "MASTER" }), seen(24, 14, paused)];
    expect(active(events)).toEqual([[1, 5, 14, 24]]);
  });

  it("begin after an event that saw the address missing", () => {
    const events = [seen(5, 0, {}), seen(20, 15, { listens: serving.listens }), seen(24, 14, serving)];
    expect(active(events)).toEqual([[20, 24, 100, 100]]);
  });

  it("stay open to the end of the history", () => {
    expect(active([seen(5, 0, {}), seen(20, 15, serving)])).toEqual([[15, 20, 100, 100]]);
  });

  it.each([
    ["frozen", { ...serving, isFrozen: true }],
    ["dead", { ...serving, isAlive: false }],
    ["without the VIP", { ...serving, ownsVip: false }],
    ["listening elsewhere", { ...serving, listens: ["127.0.0.1:9443"] }],
    ["listening on another port", { ...serving, listens: ["10.0.0.1:80"] }],
  ])("are none for a node that is %s", (_what, state) => {
    expect(active([seen(20, 15, state)])).toEqual([]);
  });

  it.each(["0.0.0.0:9443", "[::]:9443", ":::9443"])("count a listener on %s, which the VIP reaches", (at) => {
    expect(active([seen(20, 15, { ...serving, listens: [at] })])).toHaveLength(1);
  });

  it("are possible between two looks when the node may have been active between them", () => {
    const resumed = active([seen(20, 15, { ...serving, isFrozen: true }), seen(40, 35, { ...idle })]);
    expect(resumed).toEqual([[35, 40, 40, 40]]);
  });

  it("are not possible when a frozen node died", () => {
    expect(active([seen(20, 15, { ...serving, isFrozen: true }), seen(40, 35, { isAlive: false })])).toEqual([]);
  });

  it("overlap certainly by their certain ends, and possibly by their possible ends", () => {
    const [a] = spansOf(
      [
        { event: seen(10, 5, serving), index: 0 },
        { event: seen(30, 25, {}), index: 1 },
      ],
      activity(endpoint),
      100,
    );
    const [b] = spansOf([{ event: seen(28, 26, serving), index: 2 }], activity(endpoint), 100);
    expect(overlapOf(a!, b!)).toEqual({ certainNs: 0, possibleNs: 4 });
  });
});

describe("pairs", () => {
  const call = (t: number, type: "invoke" | "ok", op: number, process = "p"): HistoryEvent => ({
    t,
    type,
    op,
    process,
    f: "append",
  });

  it("join an invocation with its outcome and leave the rest open", () => {
    const { operations, defects } = pairOperations([call(1, "invoke", 1), call(2, "ok", 1), call(3, "invoke", 2)]);
    expect(Array.from(operations, ({ outcome, invokeNs, endNs }) => [outcome, invokeNs, endNs])).toEqual([
      ["ok", 1, 2],
      ["open", 3, Infinity],
    ]);
    expect(defects).toEqual([]);
  });

  it("report outcomes without an invocation, numbers used twice and two open operations of a process", () => {
    expect(pairOperations([call(1, "ok", 9)]).defects).toHaveLength(1);
    expect(pairOperations([call(1, "invoke", 1), call(2, "ok", 1), call(3, "invoke", 1)]).defects).toEqual([
      "operation 1 was invoked twice",
    ]);
    expect(pairOperations([call(1, "invoke", 1), call(2, "invoke", 2)]).defects).toEqual([
      "process p had two open operations",
    ]);
  });
});

describe("the view", () => {
  const header = {
    zone: { vip: "10.0.0.1", rpcPort: 9443 },
    bounds: { failoverMaxS: 20 },
  } as unknown as History["header"];
  const fault = (t: number, phase: "injecting" | "effective" | "healed", proof?: string): HistoryEvent => ({
    t,
    type: "fault",
    phase,
    fault: "kill",
    id: 1,
    nodes: ["alpha"],
    ...(proof ? { proof } : {}),
  });

  it("joins the phases of a fault, the first of each", () => {
    const view = viewOf({
      header,
      events: [
        fault(1, "injecting"),
        fault(2, "effective", "first"),
        fault(3, "effective", "again"),
        fault(4, "healed"),
      ],
    });
    expect(view.faults).toHaveLength(1);
    expect(view.faults[0]!.phases.effective).toMatchObject({ index: 1, event: { proof: "first" } });
  });

  it("takes the bounds of the header over the defaults, and is made once", () => {
    const history = { header, events: [] };
    expect(viewOf(history).bounds).toMatchObject({ failoverMinS: 5, failoverMaxS: 20 });
    expect(viewOf(history)).toBe(viewOf(history));
  });

  it("knows the state of a node at an instant as the last look showed it", () => {
    const view = viewOf({ header, events: [seen(5, 0, {}), seen(20, 15, serving)] });
    expect([4, 5, 19, 20].map((t) => stateAt(view, "alpha", t)?.ownsVip)).toEqual([undefined, false, false, true]);
  });
});
