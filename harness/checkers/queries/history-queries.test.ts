// The questions that checkers share, at the edges: before and after a fault, in a span and beside it.

import { describe, expect, it } from "@jest/globals";
import type { HistoryEvent } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import type { Span } from "#history/spans.ts";
import { type FaultLife, viewOf } from "#history/view.ts";
import { takeover } from "#corpus/builders/failure.ts";
import { atNs, HistoryBuilder } from "#corpus/builders/history-builder.ts";
import { mutate } from "#corpus/cases/case.ts";
import * as queries from "./history-queries.ts";

const valid = viewOf(takeover().build());
const life = valid.faults[0]!;
/** The fault without those phases. */
const without = (...names: (keyof FaultLife["phases"])[]): FaultLife => ({
  ...life,
  phases: Object.fromEntries(Object.entries(life.phases).filter(([name]) => !names.includes(name as never))),
});
const span = (fromS: number, toS: number, isOnlyPossible = false) =>
  ({ node: "alpha", fromNs: atNs(fromS), toNs: atNs(toS), isOnlyPossible, events: [] }) as unknown as Span;

describe("a client", () => {
  it("is outside unless it is named for a node", () => {
    expect(["client-1", "xalpha-1", "prober-1"].map(queries.isOutside)).toEqual([true, true, true]);
    expect(["alpha-1", "beta-reader", "gamma-0"].map(queries.isOutside)).toEqual([false, false, false]);
  });

  it("is served by an answer that is no health check", () => {
    const isServing = (outcome: string, f: string) => queries.isServing({ outcome, f } as Operation);
    expect([isServing("ok", "append"), isServing("ok", "fetch")]).toEqual([true, true]);
    expect([isServing("fail", "append"), isServing("ok", "health")]).toEqual([false, false]);
  });
});

describe("a fault", () => {
  it("is found on its node, from the time on that is asked", () => {
    expect(queries.faultOn(valid, "alpha")).toBe(life);
    expect(queries.faultOn(valid, "beta")).toBeUndefined();
    expect(queries.faultOn(valid, "alpha", atNs(12))).toBe(life);
    expect(queries.faultOn(valid, "alpha", atNs(12) + 1)).toBeUndefined();
  });

  it("is not found when it never took effect", () => {
    const builder = mutate(takeover(), (event) =>
      event.type === "fault" && event.phase === "effective" ? undefined : event,
    );
    expect(queries.faultOn(viewOf(builder.build()), "alpha")).toBeUndefined();
  });

  it("has a time of its effect, of its repair and of its first touch", () => {
    expect(queries.effectNs(life)).toBe(atNs(12));
    expect([queries.effectNs(undefined), queries.effectNs(without("effective"))]).toEqual([Infinity, Infinity]);
    expect(queries.returnNs(life)).toBe(atNs(44.95));
    expect(queries.returnNs(without("healing"))).toBe(atNs(45));
    expect([queries.returnNs(undefined), queries.returnNs(without("healing", "healed"))]).toEqual([Infinity, Infinity]);
    expect(queries.touchNs(life)).toBe(atNs(11.95));
    expect(queries.touchNs(without("injecting"))).toBe(atNs(11.94));
    expect(queries.touchNs(without("injecting", "intended"))).toBe(atNs(12));
    expect(queries.touchNs(without("injecting", "intended", "effective"))).toBe(-Infinity);
    expect(queries.beforeNs(life)).toBe(atNs(11.45));
  });

  it("severs the segments that it names, and is aimed at a program or a service", () => {
    const of = (spec: object) => ({ ...life, spec }) as FaultLife;
    expect(queries.severs(of({ segments: ["zone"] }), "zone")).toBe(true);
    expect(queries.severs(of({ segments: ["zone"] }), "control")).toBe(false);
    expect(queries.severs(of({}), "zone")).toBe(false);
    expect(queries.targetOf(of({ process: "keepalived", service: "x" }))).toBe("keepalived");
    expect(queries.targetOf(of({ service: "nats" }))).toBe("nats");
    expect(queries.targetOf(of({}))).toBeUndefined();
  });

  it("of a stray controller explains a listener of its node until shortly after it", () => {
    const stray = (healS: number, healed = true) => {
      const builder = new HistoryBuilder("stray", []);
      builder.fault({ fault: "stray-controller", nodes: ["beta"], effectS: 10, healS });
      builder.fault({ fault: "kill", nodes: ["beta"], effectS: 30, healS: 40 });
      const isGone = (event: HistoryEvent) => event.type === "fault" && event.phase === "healed" && !healed;
      return viewOf(mutate(builder, (event) => (isGone(event) ? undefined : event)).build());
    };
    expect(queries.strayTimes(stray(20), "beta")).toEqual([{ fromNs: atNs(9.95), toNs: atNs(20.5) }]);
    expect(queries.strayTimes(stray(20), "alpha")).toEqual([]);
    expect(queries.strayTimes(stray(20, false), "beta")).toEqual([{ fromNs: atNs(9.95), toNs: Infinity }]);
  });
});

describe("the end of load", () => {
  it("is its mark, or the end of the history", () => {
    expect(queries.loadEndNs(valid)).toBe(atNs(56));
    const builder = mutate(takeover(), (event) =>
      event.type === "mark" && event.mark === "load-stopped" ? undefined : event,
    );
    const view = viewOf(builder.build());
    expect(queries.loadEndNs(view)).toBe(view.lastNs);
  });
});

describe("spans", () => {
  const spans = [span(10, 20), span(30, 40)];

  it("cover a time that lies in them, with their edges", () => {
    expect(queries.covering(spans, atNs(10), atNs(20))).toBe(spans[0]);
    expect(queries.covering(spans, atNs(31), atNs(32))).toBe(spans[1]);
    expect(queries.covering(spans, atNs(9.9), atNs(20))).toBeUndefined();
    expect(queries.covering(spans, atNs(10), atNs(20.1))).toBeUndefined();
  });

  it("meet a time that touches them, when they are certain", () => {
    expect(queries.meeting(spans, atNs(20), atNs(25))).toBe(spans[0]);
    expect(queries.meeting(spans, atNs(25), atNs(30))).toBe(spans[1]);
    expect(queries.meeting(spans, atNs(20.1), atNs(29.9))).toBeUndefined();
    expect(queries.meeting([span(10, 20, true), ...spans], atNs(15), atNs(16))).toBe(spans[0]);
  });

  it("of an active node leave out what was only possible", () => {
    const view = { ...valid, spans: { ...valid.spans, alpha: { ...valid.spans.alpha, active: [span(1, 2, true)] } } };
    expect(queries.activeSpans(view, "alpha")).toEqual([]);
    expect(queries.activeSpans(valid, "alpha")).toHaveLength(1);
  });

  it("name the active node at a time, if there is one", () => {
    expect([11, 20, 30].map((s) => queries.activeAt(valid, atNs(s)))).toEqual(["alpha", undefined, "beta"]);
  });

  it("go with the role that a node wrote last", () => {
    expect([1, 30].map((s) => queries.roleAt(valid, "beta", atNs(s)))).toEqual(["BACKUP", "MASTER"]);
    expect(queries.roleAt(valid, "beta", atNs(0))).toBeUndefined();
  });
});

describe("marks", () => {
  it("are those of one name, in order", () => {
    const builder = takeover().mark(50, "repaired", { node: "beta" });
    expect(queries.marksOf(viewOf(builder.build()), "repaired").map(({ event }) => event.detail.node)).toEqual([
      "alpha",
      "beta",
    ]);
  });
});

describe("answers", () => {
  const call = (builder: HistoryBuilder, [s, endS]: readonly [number, number], type: "ok" | "fail" = "ok") => {
    const base = { op: Math.round(s * 1000), process: "client-1", f: "append" as const };
    builder.add({ t: atNs(s), type: "invoke", ...base, messageId: `m${s}`, digest: "aa" });
    return builder.add({ t: atNs(endS), type, ...base, node: "alpha", offset: 1 } as HistoryEvent);
  };
  const view = () => {
    const builder = new HistoryBuilder("answers", []).mark(0, "load-started").mark(30, "load-stopped");
    call(builder, [9, 16]);
    call(builder, [10, 12]);
    call(builder, [20, 21], "fail");
    call(builder, [22, 23]);
    return viewOf(builder.build());
  };

  it("come first by the time of the answer, not of the call", () => {
    expect(queries.firstAnswer(view(), () => true)?.endNs).toBe(atNs(12));
    expect(queries.firstAnswer(view(), ({ invokeNs }) => invokeNs >= atNs(20))?.endNs).toBe(atNs(23));
    expect(queries.firstAnswer(view(), () => false)).toBeUndefined();
  });

  it("leave an outage between two acknowledgements, or between one and an edge", () => {
    const outage = (fromS: number, toS: number) => queries.longestOutageNs(view(), atNs(fromS), atNs(toS)) / 1e9;
    expect(outage(0, 30)).toBeCloseTo(12);
    expect(outage(11, 30)).toBeCloseTo(7);
    expect(outage(12, 16)).toBeCloseTo(4);
    expect(outage(16, 22.5)).toBeCloseTo(6.5);
    expect(outage(15, 40)).toBeCloseTo(17);
  });

  it("leave no outage shorter by a client inside a node, or by a read", () => {
    const builder = new HistoryBuilder("inside", []);
    builder
      .append({ s: 5, process: "alpha-1", node: "alpha" })
      .reads({ fromS: 4, toS: 5 }, [{ fromS: 0, toS: 9, node: "alpha" }]);
    expect(queries.longestOutageNs(viewOf(builder.build()), atNs(0), atNs(10))).toBe(10e9);
  });
});
