// When lateness proves nothing: from five runnable tasks a core on, up to as many times the bound, and while the
// machine stood still. harness/checkers/lateness.test.ts has the rule over the corpus.

import { describe, expect, it } from "@jest/globals";
import type { LookEvent } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import { viewOf } from "#history/view.ts";
import { atNs, HistoryBuilder } from "#corpus/builders/history-builder.ts";
import { kept, missed, undecided } from "../assertions.ts";
import {
  contendedOver,
  isUnknownFromContention,
  runnableOver,
  unlessCallLate,
  unlessContended,
  unlessContendedBefore,
} from "./contention.ts";

/** Looks at those seconds, each with its count of runnable tasks per core. */
function viewWith(...counts: readonly (readonly [number, number | undefined])[]) {
  const builder = new HistoryBuilder("load", []);
  for (const [s, count] of counts)
    builder.add({
      t: atNs(s),
      type: "looks",
      looks: 240,
      gapMaxNs: 5e6,
      cpuNs: 2e7,
      ...(count === undefined ? {} : { runnablePerCore: count }),
    });
  return viewOf(builder.build());
}

/** A report each second, all the same. */
function looking(fromS: number, toS: number, load: Partial<LookEvent>): HistoryBuilder {
  const builder = new HistoryBuilder("load", []).looks(fromS, toS);
  builder.events = builder.events.map((event) => (event.type === "looks" ? { ...event, ...load } : event));
  return builder;
}

const span = { fromNs: atNs(10), toNs: atNs(12) };
const late = missed("it was in time", "it took 12 s");

describe("runnable tasks per core", () => {
  it("are the mean of the reports over the span, each by its share of it", () => {
    const view = viewWith([9, 100], [10, 100], [11, 3], [12, 7], [13, 100]);
    expect(runnableOver(view, span)).toBe(5);
    expect(runnableOver(view, { fromNs: atNs(10.5), toNs: atNs(12) })).toBeCloseTo((3 * 0.5 + 7) / 1.5);
  });

  it("of a small part of the span say little of the whole", () => {
    expect(runnableOver(viewWith([11, 20]), { fromNs: atNs(10), toNs: atNs(12) })).toBe(20);
    expect(runnableOver(viewWith([11, 20]), { fromNs: atNs(10), toNs: atNs(20) })).toBe(4);
  });

  it("are known for a second before the first report, and for 2.5 s before one after a pause", () => {
    const view = viewWith([10, 8], [20, 6]);
    const over = (fromS: number, toS: number) => runnableOver(view, { fromNs: atNs(fromS), toNs: atNs(toS) });
    expect([over(9.2, 9.6), over(8.4, 8.8)]).toEqual([8, undefined]);
    expect([over(18, 19), over(12, 13)]).toEqual([6, undefined]);
  });

  it("are those of the report that a short span lies in", () => {
    const view = viewWith([10, 2], [11, 9], [12, 2]);
    expect(runnableOver(view, { fromNs: atNs(10.3), toNs: atNs(10.4) })).toBe(9);
    expect(runnableOver(view, { fromNs: atNs(10.3), toNs: atNs(10.3) })).toBe(9);
  });

  it("are not known without a count in the span", () => {
    expect(runnableOver(viewWith([9, 4], [11, undefined]), span)).toBeUndefined();
  });

  it("are contention from five on", () => {
    expect(contendedOver(viewWith([11, 5]), span)).toBe("the CPU was contended, with 5.0 runnable tasks per core");
    expect(contendedOver(viewWith([11, 4.9]), span)).toBeUndefined();
    expect(contendedOver(viewWith(), span)).toBeUndefined();
  });
});

describe("an assertion that lateness broke", () => {
  const contended = viewWith([11, 6]);
  const took = (tookNs: number) => ({ assertion: late, late: { tookNs, boundNs: 2e9 } });

  it("stays broken without contention", () => {
    expect(unlessContended(viewWith([11, 2]), span, { assertion: late })).toBe(late);
  });

  it("is undecided with contention, and says both", () => {
    expect(unlessContended(contended, span, { assertion: late })).toEqual(
      undecided("it was in time", "it took 12 s, and the CPU was contended, with 6.0 runnable tasks per core"),
    );
  });

  it("is undecided up to the bound times the tasks per core, and broken above", () => {
    expect(unlessContended(contended, span, took(12e9))).toMatchObject({ verdict: "unknown" });
    expect(unlessContended(contended, span, took(12.001e9))).toBe(late);
  });

  it("is undecided as long as what is left without the lost time is inside the bound", () => {
    const stolen = viewOf(looking(10, 12, { stolenShare: 0.5 }).build());
    expect(unlessContended(stolen, span, { assertion: late, late: { tookNs: 3e9, boundNs: 2e9 } })).toEqual(
      undecided("it was in time", "it took 12 s, and the machine stood still or its cores were stolen for 1.00 s"),
    );
    expect(unlessContended(stolen, span, { assertion: late, late: { tookNs: 3.1e9, boundNs: 2e9 } })).toBe(late);
  });

  it("is undecided while the observer's real-time thread did not run", () => {
    const still = viewOf(looking(10, 12, { gapMaxNs: 0.6e9 }).build());
    expect(unlessContended(still, span, { assertion: late }).saw).toMatch(/stood still .* for 1\.20 s/);
    const busy = viewOf(looking(10, 12, { gapMaxNs: 0.06e9 }).build());
    expect(unlessContended(busy, span, { assertion: late })).toBe(late);
  });

  it("is undecided while the disk was stalled, up to ten times the bound", () => {
    const stalled = viewOf(looking(10, 12, { diskWaitShare: 1 }).build());
    const whole = { fromNs: atNs(9), toNs: atNs(30) };
    expect(unlessContended(stalled, span, { assertion: late, late: { tookNs: 3e9, boundNs: 2e9 } }).saw).toMatch(
      /the disk was stalled for 2\.00 s/,
    );
    const all = viewOf(looking(1, 40, { diskWaitShare: 1 }).build());
    expect(unlessContended(all, whole, { assertion: late, late: { tookNs: 20e9, boundNs: 2e9 } }).verdict).toBe(
      "unknown",
    );
    expect(unlessContended(all, whole, { assertion: late, late: { tookNs: 20.1e9, boundNs: 2e9 } })).toBe(late);
    const half = viewOf(looking(10, 12, { diskWaitShare: 0.7 }).build());
    expect(unlessContended(half, span, { assertion: late })).toBe(late);
  });

  it("says that contention kept it from a verdict, whatever kind it was", () => {
    for (const load of [{ runnablePerCore: 6 }, { stolenShare: 1 }, { diskWaitShare: 1 }]) {
      const { saw } = unlessContended(viewOf(looking(10, 12, load).build()), span, { assertion: late });
      expect(isUnknownFromContention({ verdict: "unknown", because: saw })).toBe(true);
      expect(isUnknownFromContention({ verdict: "broken", because: saw })).toBe(false);
      expect(isUnknownFromContention({ verdict: "unknown", because: "it was not asked" })).toBe(false);
    }
  });

  it("is undecided without a figure from a second of lost time on, or half of a shorter time", () => {
    const long = { fromNs: atNs(5), toNs: atNs(25) };
    const lost = (share: number, toS: number) => viewOf(looking(10, toS, { stolenShare: share }).build());
    const verdict = (view: ReturnType<typeof lost>, of: typeof span) =>
      unlessContended(view, of, { assertion: late }).verdict;
    expect([verdict(lost(1, 10), long), verdict(lost(0.9, 10), long)]).toEqual(["unknown", "broken"]);
    const short = { fromNs: atNs(10.2), toNs: atNs(10.6) };
    expect([verdict(lost(0.5, 12), short), verdict(lost(0.4, 12), short)]).toEqual(["unknown", "broken"]);
  });

  it("needs as much where the figure is inside the bound: that the wait ended is no lateness", () => {
    const little = viewOf(looking(10, 10, { stolenShare: 0.5 }).build());
    const long = { fromNs: atNs(5), toNs: atNs(25) };
    expect(unlessContended(little, long, { assertion: late, late: { tookNs: 2e9, boundNs: 2e9 } })).toBe(late);
  });

  it("stays broken where a gap of the observer, or the lost time, is too short to say anything", () => {
    const busy = viewOf(looking(10, 12, { gapMaxNs: 0.06e9 }).build());
    expect(unlessContended(busy, span, { assertion: late, late: { tookNs: 2.05e9, boundNs: 2e9 } })).toBe(late);
    const hardly = viewOf(looking(10, 12, { stolenShare: 0.004 }).build());
    expect(unlessContended(hardly, span, { assertion: late, late: { tookNs: 2.005e9, boundNs: 2e9 } })).toBe(late);
  });

  it("adds lost time and a stalled disk", () => {
    const both = viewOf(looking(10, 12, { stolenShare: 0.5, diskWaitShare: 0.8 }).build());
    const took = (tookNs: number) => unlessContended(both, span, { assertion: late, late: { tookNs, boundNs: 2e9 } });
    expect(took(4.6e9).saw).toMatch(/stolen for 1\.00 s, and the disk was stalled for 1\.60 s/);
    expect(took(4.61e9)).toBe(late);
  });

  it("is left alone when it holds or is undecided already", () => {
    const open = undecided("it was in time", "nobody looked");
    const good = kept("it was in time");
    expect(unlessContended(contended, span, { assertion: good })).toBe(good);
    expect(unlessContended(contended, span, { assertion: open })).toBe(open);
  });
});

describe("a lost role", () => {
  it("is undecided when the five seconds before were contended, and not those before them", () => {
    const view = viewWith(...Array.from({ length: 12 }, (_, s) => [s, s <= 6 ? 25 : 1] as const));
    expect(unlessContendedBefore(view, atNs(9), late).verdict).toBe("unknown");
    expect(unlessContendedBefore(view, atNs(11), late)).toBe(late);
  });
});

describe("a call without the right answer", () => {
  const call = { invokeNs: atNs(10), endNs: atNs(11) };
  const view = viewWith([9, 1], [10, 1], [11, 9], [12, 1]);

  it("may be late when it timed out or is open, and not when it was refused", () => {
    const verdicts = (["info", "open", "fail"] as const).map(
      (outcome) => unlessCallLate(view, { ...call, outcome } as Operation, late).verdict,
    );
    expect(verdicts).toEqual(["unknown", "unknown", "broken"]);
  });

  it("is judged over its own time, and to the end of the history when it never ended", () => {
    const over = (invokeS: number, endNs: number) =>
      unlessCallLate(view, { invokeNs: atNs(invokeS), endNs, outcome: "info" } as unknown as Operation, late).verdict;
    expect([over(11, atNs(12)), over(10, Infinity)]).toEqual(["broken", "unknown"]);
  });
});
