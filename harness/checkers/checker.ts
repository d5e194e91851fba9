// What a checker is: a pure function of one history for one catalogue entry. It acts on nothing, reads no clock
// and draws no chance, so a saved run can be judged again anywhere and gives the same words.

import type { HistoryView } from "#history/view.ts";
import type { Finding } from "#spec/verdict.ts";

/**
 * A finding and what a `broken` rests on: `seen` is evidence of the wrong itself and stands whatever else was
 * amiss; `absent` is something that failed to show, and is worth nothing when the run's assumptions were not met.
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

/** Word for a count of things: `1 fact`, `3 facts`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
