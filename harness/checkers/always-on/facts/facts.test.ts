// A violation planted anywhere in a long valid history is found and named. The valid history is kept.

import { beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { acknowledgedFacts } from "../acknowledged-facts.ts";
import { cursorsAsConfirmed } from "../cursors.ts";
import { servedFacts } from "../served-facts.ts";
import type { Checker } from "#checkers/checker.ts";
import { longHistory } from "#bench/long-history.ts";
import { decodeHistory, encodeLine } from "#history/codec.ts";
import type { HistoryEvent, HistoryHeader, OperationEvent, StoredEvent } from "#history/event.ts";
import { factsOf, type PageFact, packedPage } from "#history/page.ts";
import { viewOf } from "#history/view.ts";

const operations = 4_000;

let header: HistoryHeader;
let valid: HistoryEvent[];
/** Where a violation can be planted. */
let acknowledged: number[];
let stored: number[];
let pages: number[];
let confirmations: number[];

beforeAll(() => {
  const made = longHistory({ operations, seed: 3 });
  header = made.header;
  valid = [...made.events];
  const where = (isWanted: (event: HistoryEvent) => boolean) =>
    valid.flatMap((event, index) => (isWanted(event) ? [index] : []));
  acknowledged = where((event) => event.type === "ok" && event.f === "append");
  const ids = new Set(acknowledged.map((index) => (valid[index] as Call).messageId));
  stored = where((event) => event.type === "stored" && ids.has(event.messageId));
  pages = where((event) => event.type === "ok" && event.f === "fetch" && (event.count ?? 0) > 2);
  confirmations = where((event) => event.type === "ok" && event.f === "confirm");
});

type Call = OperationEvent;

function find(events: readonly HistoryEvent[], checker: Checker = acknowledgedFacts) {
  const { verdict, because } = checker.check(viewOf({ header, events: [...events] }));
  return { verdict, because };
}

/** The page at that place with other facts in it. */
function withFacts(index: number, change: (facts: PageFact[]) => PageFact[]): HistoryEvent[] {
  const call = valid[index] as Call;
  return replaced(index, { ...call, page: packedPage(change(factsOf(call.page!))) });
}

/** `valid` with one event replaced by none or by several. */
function replaced(index: number, ...by: HistoryEvent[]): HistoryEvent[] {
  return valid.toSpliced(index, 1, ...by);
}

/** Swaps two facts everywhere. The second was sent after the first was acknowledged. */
function exchanged(first: number): HistoryEvent[] {
  const a = valid[first] as Call;
  const sent = new Map<string | undefined, number>();
  for (const event of valid)
    if (event.type === "invoke" && !sent.has(event.messageId)) sent.set(event.messageId, event.t);
  const later = acknowledged.find((index) => index > first && (sent.get((valid[index] as Call).messageId) ?? 0) > a.t);
  const b = valid[later ?? first] as Call;
  const other = new Map([
    [a.offset, b.offset],
    [b.offset, a.offset],
  ]);
  const digests = new Map([
    [a.offset, b.digest],
    [b.offset, a.digest],
  ]);
  return valid.map((event) => {
    if (event.type !== "ok" && event.type !== "stored") return event;
    if (event.type === "ok" && event.page)
      return {
        ...event,
        page: factsOf(event.page).map((one) => ({ ...one, digest: digests.get(one.offset) ?? one.digest })),
      };
    if (event.type === "ok" && event.f !== "append") return event;
    return { ...event, offset: other.get(event.offset) ?? event.offset } as HistoryEvent;
  });
}

/** By name of the violation: how to plant it at the nth place, and the reason that the checker must give. */
const wrongs: Record<
  string,
  { places: () => number[]; plant: (index: number) => HistoryEvent[]; words: RegExp; checker?: Checker }
> = {
  "a lost fact": {
    places: () => stored,
    plant: (index) => replaced(index),
    words: /^1 of \d+ acknowledged facts not in the stream/,
  },
  "an altered fact": {
    places: () => stored,
    plant: (index) => replaced(index, { ...(valid[index] as StoredEvent), digest: "0".repeat(64) }),
    // Each acknowledgement of the fact counts, and a client may repeat it.
    words: /^\d+ facts? stored with another payload/,
  },
  "a fact stored twice": {
    places: () => stored,
    plant: (index) => replaced(index, valid[index]!, { ...(valid[index] as StoredEvent), offset: 9_000_000 }),
    words: /^1 message stored twice/,
  },
  "two facts in the wrong order": {
    places: () => acknowledged.slice(0, -200),
    plant: exchanged,
    words: /facts? out of order/,
  },
  "a page with a gap": {
    places: () => pages,
    plant: (index) => withFacts(index, (facts) => facts.toSpliced(1, 1)),
    words: /^1 gap /,
    checker: servedFacts,
  },
  "a page with a fact twice": {
    places: () => pages,
    plant: (index) => withFacts(index, (facts) => facts.toSpliced(1, 0, facts[0]!)),
    words: /^1 misplaced fact/,
    checker: servedFacts,
  },
  "a page from behind the cursor": {
    places: () => pages.slice(1),
    plant: (index) => {
      const before = valid.slice(0, index).findLast((event) => event.type === "ok" && event.page?.length) as Call;
      return withFacts(index, (facts) => [factsOf(before.page!).at(-1)!, ...facts]);
    },
    words: /^1 page \(first client-reader was served/,
    checker: cursorsAsConfirmed,
  },
  "a cursor that goes back": {
    places: () => confirmations.slice(1),
    plant: (index) => replaced(index, { ...(valid[index] as Call), offset: 1 }),
    words: /^1 cursor \(first client-reader was at 1/,
    checker: cursorsAsConfirmed,
  },
};

describe("a long history", () => {
  it("is kept before a violation is planted", () => {
    expect(find(valid).verdict).toBe("kept");
  });

  it("is kept for every seed", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const made = longHistory({ operations: 2_000, seed });
        const text = encodeLine(made.header) + Array.from(made.events, encodeLine).join("");
        expect(acknowledgedFacts.check(viewOf(decodeHistory(text)))).toMatchObject({ verdict: "kept" });
      }),
      { numRuns: 4 },
    );
  });

  it.each(Object.entries(wrongs))(
    "with %s anywhere in it is broken for that reason",
    (_what, { places, plant, words, checker }) => {
      fc.assert(
        fc.property(fc.nat(), (nth) => {
          const at = places();
          expect(find(plant(at[nth % at.length]!), checker)).toEqual({
            verdict: "broken",
            because: expect.stringMatching(words),
          });
        }),
        { numRuns: 4 },
      );
    },
  );
});
