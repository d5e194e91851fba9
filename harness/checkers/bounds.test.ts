// A profile moves bounds, and each promise names the moved ones that it rests on. So the list of them must be complete.

import { describe, expect, it } from "@jest/globals";
import { cases, historyOf } from "#corpus/cases/index.ts";
import { viewOf } from "#history/view.ts";
import { restingOn } from "#spec/bounds.ts";
import type { Bounds } from "#spec/verdict.ts";
import { checkers } from "./registry.ts";

type BoundName = keyof Bounds;

/** The bounds that the entries' rules read, while they judge the cases of the corpus. */
function readBounds(): Map<BoundName, Set<string>> {
  const read = new Map<BoundName, Set<string>>();
  for (const one of cases) {
    const view = viewOf(historyOf(one));
    const bounds = new Proxy(view.bounds, {
      get(all, name: BoundName) {
        read.set(name, (read.get(name) ?? new Set()).add(one.entry));
        return all[name];
      },
    });
    for (const checker of checkers) if (checker.entry === one.entry) checker.check({ ...view, bounds });
  }
  return read;
}

describe("the entries that rest on a bound", () => {
  it("are all that read it", () => {
    const unlisted = [...readBounds()].flatMap(([name, entries]) => {
      const listed = restingOn[name];
      return listed ? [...entries].filter((entry) => !listed.includes(entry)).map((entry) => `${name} ${entry}`) : [];
    });
    expect(unlisted.sort()).toEqual([]);
  });
});
