// A fault that may explain a part of a timeline, with the lines that it rests on.

import type { FaultSpec } from "#spec/faults.ts";
import type { TimedSign } from "../timeline/timeline.ts";

/**
 * "strong": the logs of two nodes tell the same. "fair": one log tells it, and nothing speaks against it. "weak":
 * another fault would leave the same lines; `alternatives` names it.
 */
export type Confidence = "strong" | "fair" | "weak";

export interface Proposal {
  fault: FaultSpec;
  /** The best guess, within these bounds. On the common clock. */
  atMs: number;
  notBeforeMs: number;
  notAfterMs: number;
  /** When it was over; absent when the logs end before that. */
  untilMs?: number;
  confidence: Confidence;
  /** Why this fault and no other, in words. */
  because: string[];
  alternatives: string[];
  lines: TimedSign[];
}

/** A start between two bounds; the guess is moved into them. */
export function startBetween(
  guessMs: number,
  notBeforeMs: number,
  notAfterMs: number,
): Pick<Proposal, "atMs" | "notBeforeMs" | "notAfterMs"> {
  const from = Math.min(notBeforeMs, notAfterMs);
  return { atMs: Math.min(Math.max(guessMs, from), notAfterMs), notBeforeMs: from, notAfterMs };
}
