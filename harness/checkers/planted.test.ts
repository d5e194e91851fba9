// A violation planted anywhere in a valid history is found, and the valid history is clean.

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { History, HistoryEvent } from "#history/event.ts";
import { sortedByTime } from "#history/codec.ts";
import { judge } from "./judge.ts";
import { atNs, vip } from "#corpus/builders/history-builder.ts";
import { takeover } from "#corpus/builders/failure.ts";

const valid = takeover().build();
const events = [...valid.events];
const verdictOf = (history: History, entry: string) => judge(history).find((finding) => finding.entry === entry)!;
const withEvents = (changed: HistoryEvent[]): History => ({ header: valid.header, events: sortedByTime(changed) });

describe("a planted violation", () => {
  it("is not found in the valid history", () => {
    expect(judge(valid).map(({ verdict }) => verdict)).toEqual(["kept", "kept", "kept", "kept"]);
  });

  it("of any lost facts is found, counted and placed", () => {
    const stored = events.flatMap((event, index) => (event.type === "stored" ? index : []));
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(stored.length - 1), { minLength: 1, maxLength: 12 }), (places) => {
        const gone = new Set(places.map((place) => stored[place]!));
        const finding = verdictOf(withEvents(events.filter((_, index) => !gone.has(index))), "DUR-6");
        const { lost, lostPrefix, lostMiddle, lostTail } = finding.measured;
        expect({ verdict: finding.verdict, lost }).toEqual({ verdict: "broken", lost: gone.size });
        expect(lostPrefix! + lostMiddle! + lostTail!).toBe(gone.size);
      }),
      { numRuns: 60 },
    );
  });

  it("of one altered payload is found", () => {
    const stored = events.flatMap((event, index) => (event.type === "stored" ? index : []));
    fc.assert(
      fc.property(fc.nat(stored.length - 1), (place) => {
        const altered = events.map((event, index) =>
          event.type === "stored" && index === stored[place] ? { ...event, digest: "00" } : event,
        );
        expect(verdictOf(withEvents(altered), "DUR-6").verdict).toBe("broken");
      }),
      { numRuns: 30 },
    );
  });

  it("of a second active node of any length at any time is found, with its length", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 5, max: 11, noNaN: true }),
        fc.double({ min: 0.011, max: 0.9, noNaN: true }),
        (fromS, forS) => {
          const seen = (s: number, isActive: boolean): HistoryEvent => ({
            t: atNs(s),
            type: "observed",
            node: "beta",
            sinceNs: atNs(s - 0.004),
            isAlive: true,
            isFrozen: false,
            role: "BACKUP",
            ownsVip: isActive,
            listens: isActive ? [`${vip}:9443`] : [],
          });
          const finding = verdictOf(withEvents([...events, seen(fromS, true), seen(fromS + forS, false)]), "DUAL-0");
          expect(finding.verdict).toBe("broken");
          expect(Math.abs(finding.measured.overlapMs! - (forS * 1000 - 4))).toBeLessThan(0.01);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of an answer by the old node among those of the new one is found without the observer", () => {
    fc.assert(
      fc.property(fc.double({ min: 26, max: 54, noNaN: true }), (s) => {
        const call = { op: 70_000, process: "client-70", f: "append" as const };
        const planted: HistoryEvent[] = [
          { t: atNs(s), type: "invoke", ...call, messageId: "planted", digest: "aa" },
          { t: atNs(s + 0.002), type: "ok", ...call, offset: 700, node: "alpha" },
        ];
        const finding = verdictOf(withEvents([...events, ...planted]), "DUAL-0");
        // While a call of Beta is open the order is not known, and nothing is asserted; else it is found.
        const isOrdered = finding.measured.interleavedAnswers === 1;
        expect(finding.verdict).toBe(isOrdered ? "broken" : "kept");
        expect(isOrdered).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
