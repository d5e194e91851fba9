// When lateness proves nothing: from five runnable tasks a core on, up to as many times the bound.

import { describe, expect, it } from "@jest/globals";
import { viewOf } from "#history/view.ts";
import { atNs, HistoryBuilder } from "#corpus/builders/history-builder.ts";
import { kept, missed, undecided } from "../assertions.ts";
import { contendedOver, runnableOver, unlessContended } from "./contention.ts";

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

const span = { fromNs: atNs(10), toNs: atNs(12) };
const late = missed("it was in time", "it took 12 s");

describe("runnable tasks per core", () => {
  it("are the mean of the looks in the span, with those at its edges", () => {
    expect(runnableOver(viewWith([9, 100], [10, 2], [11, 3], [12, 7], [13, 100]), span)).toBe(4);
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

  it("is left alone when it holds or is undecided already", () => {
    const open = undecided("it was in time", "nobody looked");
    const good = kept("it was in time");
    expect(unlessContended(contended, span, { assertion: good })).toBe(good);
    expect(unlessContended(contended, span, { assertion: open })).toBe(open);
  });
});
