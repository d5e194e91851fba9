// Two timelines side by side, the field's and a replay's: what happened in both, and what in one of them only. Both
// count from their first fault. Pure.

import type { Timeline, TimedSign } from "./timeline.ts";
import { describe } from "./print-timeline.ts";

/** What a replay should show again. Wordings and counts of lines differ from run to run. */
const compared = new Set(["master", "backup", "fault", "active", "standby", "lease-held", "started", "late-timer"]);

/** A replay begins on a steady zone. What the field did before its first fault is no part of it. */
const leadMs = 1_000;
const eventsMax = 300;

export interface Side {
  timeline: Timeline;
  /** When its first fault began, on its own common clock. */
  zeroMs: number;
}

export interface ComparedRow {
  /** Milliseconds from the first fault; absent where this side does not have the event. */
  fieldMs?: number;
  replayMs?: number;
  node: string;
  what: string;
}

export function compare(field: Side, replay: Side): ComparedRow[] {
  const ofField = milestones(field);
  const ofReplay = milestones(replay);
  const same = commonPairs(
    ofField.map(({ key }) => key),
    ofReplay.map(({ key }) => key),
  );
  const inReplay = new Set(same.map(([, at]) => at));
  const partner = new Map(same);
  const rows: ComparedRow[] = ofField.map(({ ms, node, what }, index) => {
    const at = partner.get(index);
    return { fieldMs: ms, ...(at === undefined ? {} : { replayMs: ofReplay[at]!.ms }), node, what };
  });
  const others = ofReplay.filter((_, index) => !inReplay.has(index));
  for (const { ms, node, what } of others) rows.push({ replayMs: ms, node, what });
  return rows.sort((a, b) => (a.fieldMs ?? a.replayMs!) - (b.fieldMs ?? b.replayMs!));
}

interface Milestone {
  key: string;
  ms: number;
  node: string;
  what: string;
}

function milestones({ timeline, zeroMs }: Side): Milestone[] {
  const found: Milestone[] = [];
  const lastOf = new Map<string, string>();
  for (const seen of timeline.signs) {
    if (!compared.has(seen.sign.kind) || seen.atMs < zeroMs - leadMs) continue;
    const milestone = milestoneOf(seen, zeroMs, timeline);
    // keepalived enters one state twice when it starts.
    if (lastOf.get(seen.node) === milestone.key) continue;
    lastOf.set(seen.node, milestone.key);
    found.push(milestone);
  }
  return found.slice(0, eventsMax);
}

function milestoneOf(seen: TimedSign, zeroMs: number, timeline: Timeline): Milestone {
  const { node, sign, atMs } = seen;
  const detail = sign.kind === "started" ? sign.program : "";
  return { key: `${node} ${sign.kind} ${detail}`, ms: atMs - zeroMs, node, what: describe(seen, timeline) };
}

/** The longest series of keys that both have in this order, as pairs of places. */
function commonPairs(a: readonly string[], b: readonly string[]): [number, number][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const pairs: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i += 1;
    else j += 1;
  }
  return pairs;
}

/** As a table; `!` marks what one side lacks. */
export function comparisonText(rows: readonly ComparedRow[]): string[] {
  const cell = (ms: number | undefined): string =>
    (ms === undefined ? "-" : `${(ms / 1000).toFixed(2)} s`).padStart(10);
  const missing = rows.filter(({ fieldMs, replayMs }) => fieldMs === undefined || replayMs === undefined).length;
  return [
    `  ${"field".padStart(10)} ${"replay".padStart(10)}`,
    ...rows.map(({ fieldMs, replayMs, node, what }) => {
      const mark = fieldMs === undefined || replayMs === undefined ? "!" : " ";
      return `${mark} ${cell(fieldMs)} ${cell(replayMs)}  ${node.padEnd(6)} ${what}`;
    }),
    `${rows.length - missing} of ${rows.length} events are in both`,
  ];
}
