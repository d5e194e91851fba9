// How assertions become one ruling: the worst decides, and a violation that was seen goes before one that is absent.

import { describe, expect, it } from "@jest/globals";
import { kept, missed, overAll, refuted, rulingOf, undecided } from "./assertions.ts";

const good = kept("it runs", { saw: "three times", events: [1, 2] });
const seen = refuted("it stays", "it left", [7]);
const absent = missed("it answers", "no answer came", [5, 6]);
const open = undecided("it waits", "nobody looked");

describe("an assertion", () => {
  it("holds its evidence, or none", () => {
    expect(good).toEqual({ says: "it runs", verdict: "kept", saw: "three times", rests: "seen", events: [1, 2] });
    expect(kept("it runs")).toEqual({ says: "it runs", verdict: "kept", saw: "", rests: "seen", events: [] });
  });

  it("is broken by what was seen, or by what is absent", () => {
    expect(seen).toEqual({ says: "it stays", verdict: "broken", saw: "it left", rests: "seen", events: [7] });
    expect(absent).toMatchObject({ verdict: "broken", rests: "absent", events: [5, 6] });
    expect([refuted("a", "b").events, missed("a", "b").events]).toEqual([[], []]);
  });

  it("is unknown without evidence", () => {
    expect(open).toEqual({ says: "it waits", verdict: "unknown", saw: "nobody looked", rests: "absent", events: [] });
  });
});

describe("one assertion over several looks", () => {
  it.each([
    ["a violation that was seen before one that is absent", [good, absent, seen], seen],
    ["the first of two absent ones", [absent, missed("it answers", "later")], absent],
    ["the absent one before an undecided one", [open, absent], absent],
    ["the undecided one before one that holds", [good, open, good], open],
  ] as const)("takes %s", (_, looks, worst) => {
    expect(overAll("all", looks)).toBe(worst);
  });

  it("holds with the words of the last look and the events of all", () => {
    const last = kept("it runs", { saw: "at last", events: [9] });
    expect(overAll("all", [good, last])).toEqual({ ...last, events: [1, 2, 9] });
  });

  it("is unknown without a look", () => {
    expect(overAll("all", [])).toEqual(undecided("all", "nothing was looked at"));
  });
});

describe("a ruling", () => {
  it("is kept when all assertions hold, with their events and the figures", () => {
    expect(rulingOf([good, good], { lost: 3 })).toEqual({
      verdict: "kept",
      because: "all 2 assertions hold",
      measured: {
        lost: 3,
        assertions: [good, good].map(({ says, verdict, saw }) => ({ says, verdict, saw })),
      },
      events: [1, 2, 1, 2],
      rests: "seen",
    });
  });

  it("is broken by what was seen, wherever it stands in the list", () => {
    expect(rulingOf([open, absent, good, seen], {})).toMatchObject({
      verdict: "broken",
      because: 'it left; expected "it stays"',
      events: [7],
      rests: "seen",
    });
  });

  it("is broken by what is absent before it is unknown", () => {
    expect(rulingOf([good, open, absent], {})).toMatchObject({ verdict: "broken", rests: "absent", events: [5, 6] });
  });

  it("is unknown before it is kept, and says what is not known", () => {
    expect(rulingOf([good, open], {})).toMatchObject({
      verdict: "unknown",
      because: "nobody looked, so it is not known whether it waits",
      rests: "absent",
      events: [],
    });
  });

  it("is unknown without an assertion", () => {
    expect(rulingOf([], {})).toMatchObject({ verdict: "unknown", rests: "absent" });
  });

  it("links to eight events at most", () => {
    const many = kept("it runs", { events: Array.from({ length: 12 }, (_, place) => place) });
    expect(rulingOf([many], {}).events).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
