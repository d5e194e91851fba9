// A checker: a pure function from a history to a ruling on one catalogue entry. It reads no clock, no file and no
// random number, so a saved run gives the same verdicts anywhere.

import type { HistoryView } from "#history/view.ts";
import type { Finding } from "#spec/verdict.ts";

/**
 * A finding, and what a `broken` rests on. `seen`: the violation itself was seen, so it stands whatever else went
 * wrong. `absent`: something did not appear, which proves nothing when an assumption of the run is unmet.
 */
export interface Ruling extends Omit<Finding, "entry"> {
  rests: "seen" | "absent";
}

export interface Checker {
  entry: string;
  check(view: HistoryView): Ruling;
}

/** Milliseconds with at most three decimals, from nanoseconds. */
export function msOf(ns: number): number {
  return Math.round(ns / 1e3) / 1e3;
}

/** Seconds with at most three decimals, from nanoseconds. */
export function secondsOf(ns: number): number {
  return Math.round(ns / 1e6) / 1e3;
}

export const nsPerMs = 1e6;
export const nsPerS = 1e9;

/** `1 fact`, `3 facts`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
