// Client calls on the timeline, counted in at most 600 buckets of 100 ms or more. Neighbours of the same height become
// one rectangle.

import type { NodeName } from "#spec/node.ts";
import type { Frame } from "./frame.ts";
import { px } from "./scale.ts";

const bucketMinNs = 100e6;
const bucketsMax = 600;
/** Number of heights. Finer steps are not visible, and each costs bytes. */
const levels = 6;

interface Lane {
  y: number;
  height: number;
}

type Outcome = "ok" | "info" | "fail";

/** Outcomes of all calls over time: acknowledged upwards, unanswered and refused downwards. */
export function clientRow(frame: Frame, lane: Lane): string {
  const { counts, bucketNs } = countOutcomes(frame);
  const full = usualMost([...counts.ok, ...counts.info, ...counts.fail]);
  const middle = lane.y + lane.height * 0.62;
  const up = lane.height * 0.62;
  const down = lane.height * 0.38;
  const path = (outcome: Outcome, place: (level: number) => { y: number; height: number }) =>
    runsOf(counts[outcome].map((count) => Math.ceil(Math.min(1, count / full) * levels)))
      .filter((run) => run.level > 0)
      .map((run) => area(frame, { ...run, bucketNs }, place(run.level / levels)))
      .join("");
  const ok = path("ok", (share) => ({ y: middle - share * up, height: share * up }));
  const info = path("info", (share) => ({ y: middle + 1, height: Math.max(2, share * down) }));
  const fail = path("fail", (share) => ({ y: middle + 1, height: Math.max(2, share * down) }));
  return `<path d="${ok}" fill="var(--ok)"/><path d="${info}" fill="var(--info)"/><path d="${fail}" fill="var(--fail)"/>`;
}

/** When the node answered a client. */
export function nodeAnswers(frame: Frame, node: NodeName, lane: Lane): string {
  const { bucketNs, buckets } = bucketsOf(frame);
  const answered = Array.from({ length: buckets }, () => 0);
  for (const operation of frame.view.operations)
    if (operation.outcome === "ok" && operation.node === node)
      mark(answered, (operation.endNs - frame.x.least) / bucketNs, 1);
  const d = runsOf(closeGaps(answered, Math.ceil(400e6 / bucketNs)))
    .filter((run) => run.level > 0)
    .map((run) => area(frame, { ...run, bucketNs }, lane))
    .join("");
  return `<path d="${d}" fill="var(--ok)"/>`;
}

/** The 95th percentile of the buckets in use, so that one burst does not flatten the rest. */
function usualMost(counts: readonly number[]): number {
  const used = counts.filter((count) => count > 0).sort((a, b) => a - b);
  return used[Math.floor(used.length * 0.95)] ?? 1;
}

function bucketsOf({ x }: Frame): { bucketNs: number; buckets: number } {
  const bucketNs = Math.max(bucketMinNs, (x.most - x.least) / bucketsMax);
  return { bucketNs, buckets: Math.max(1, Math.ceil((x.most - x.least) / bucketNs)) };
}

function countOutcomes(frame: Frame): { counts: Record<Outcome, number[]>; bucketNs: number } {
  const { bucketNs, buckets } = bucketsOf(frame);
  const empty = () => Array.from({ length: buckets }, () => 0);
  const counts = { ok: empty(), info: empty(), fail: empty() };
  for (const { outcome, endNs } of frame.view.operations)
    if (outcome !== "open") mark(counts[outcome], (endNs - frame.x.least) / bucketNs);
  return { counts, bucketNs };
}

function mark(counts: number[], place: number, most = Infinity): void {
  const bucket = Math.floor(place);
  if (bucket >= 0 && bucket < counts.length) counts[bucket] = Math.min(counts[bucket]! + 1, most);
}

/** Fills gaps of up to `most` empty buckets, so that slow but steady answers are one bar. */
function closeGaps(levelsOf: number[], most: number): number[] {
  const closed = [...levelsOf];
  let last = -1;
  closed.forEach((level, place) => {
    if (level === 0) return;
    if (last >= 0 && place - last - 1 <= most) closed.fill(level, last + 1, place);
    last = place;
  });
  return closed;
}

function runsOf(levelsOf: readonly number[]): { level: number; from: number; to: number }[] {
  const runs: { level: number; from: number; to: number }[] = [];
  levelsOf.forEach((level, place) => {
    const last = runs.at(-1);
    if (last?.level === level) last.to = place + 1;
    else runs.push({ level, from: place, to: place + 1 });
  });
  return runs;
}

function area({ x }: Frame, run: { from: number; to: number; bucketNs: number }, lane: Lane): string {
  const from = x(x.least + run.from * run.bucketNs);
  const to = x(x.least + run.to * run.bucketNs);
  return `M${px(from)} ${px(lane.y)}H${px(to)}V${px(lane.y + lane.height)}H${px(from)}Z`;
}
