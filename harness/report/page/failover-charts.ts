// TIME-1 over all repeats: a strip with one dot per failover, and bars for the phases of a failover.

import { timedIn } from "#checkers/entry-figures.ts";
import type { Phases, TimedFailover } from "#spec/figures.ts";
import type { EntryVerdict } from "#spec/verdict.ts";
import { escaped } from "../escape.ts";
import { px, scaleOf, ticksOf } from "./scale.ts";

const width = 760;
const left = 130;
const right = 740;
const rowHeight = 34;

export const phaseNames = [
  ["vipMs", "detect and move the VIP", "--p1"],
  ["gatesMs", "wait, lease and gates", "--p2"],
  ["startMs", "start the controller", "--p3"],
  ["answerMs", "first answer", "--p4"],
] as const;

/** A failover and the run that it was in. */
type Run = TimedFailover & { of: string };

interface Way {
  way: string;
  runs: Run[];
}

/** One dot per failover, by kind of fault. The shaded band is the allowed time. Empty without a timed run. */
export function failoverStrip(entry: EntryVerdict, bound: readonly [number, number]): string {
  const ways = waysOf(entry);
  if (ways.length === 0) return "";
  const longestS = Math.max(bound[1], ...ways.flatMap(({ runs }) => runs.map(secondsOf)));
  const x = scaleOf([0, Math.ceil((longestS + 1) / 5) * 5], [left, right]);
  const bottom = 22 + ways.length * rowHeight;
  const band =
    `<rect x="${px(x(bound[0]))}" y="18" width="${px(x(bound[1]) - x(bound[0]))}" height="${bottom - 18}" fill="var(--kept)" opacity=".1"/>` +
    bound.map((s) => `<line x1="${px(x(s))}" x2="${px(x(s))}" y1="14" y2="${bottom}" stroke="var(--kept)"/>`).join("") +
    `<text x="${px(x(bound[0]) + 5)}" y="12">allowed: ${bound[0]} to ${bound[1]} s</text>`;
  const rows = ways.map(({ way, runs }, place) => {
    const y = 22 + place * rowHeight + rowHeight / 2;
    return `<text class="name" x="4" y="${y + 4}">${escaped(way)}</text>${dots(runs, { x, y })}`;
  });
  return svg(bottom + 24, "Time of each failover, by kind of fault", [band, axis(x, bottom), ...rows]);
}

/** Dots that are close together are moved off the line, so that each is visible. */
function dots(runs: readonly Run[], at: { x: (s: number) => number; y: number }): string {
  const placed: { cx: number; lane: number }[] = [];
  return [...runs]
    .sort((a, b) => secondsOf(a) - secondsOf(b))
    .map((run) => {
      const cx = at.x(secondsOf(run));
      let lane = 0;
      while (lane < 4 && placed.some((other) => other.lane === lane && Math.abs(other.cx - cx) < 8)) lane += 1;
      placed.push({ cx, lane });
      const cy = at.y + (lane % 2 === 0 ? lane / 2 : -(lane + 1) / 2) * 7;
      const color = run.verdict === "broken" ? "--broken" : run.verdict === "unknown" ? "--unknown" : "--vip";
      const title = escaped(`${run.of}, ${run.from} to ${run.to}: ${secondsOf(run).toFixed(2)} s, ${run.verdict}`);
      return `<circle cx="${px(cx)}" cy="${px(cy)}" r="3.6" fill="var(${color})" opacity=".85"><title>${title}</title></circle>`;
    })
    .join("");
}

/** One stacked bar per kind of fault: medians of the four phases. Empty when no run has phases. */
export function phaseBars(entry: EntryVerdict): string {
  const ways = Object.entries(entry.measured.byWay ?? {}).filter(([, { phases }]) =>
    phaseNames.some(([name]) => phases[name] !== null),
  );
  if (ways.length === 0) return "";
  const totalOf = (phases: Phases) => phaseNames.reduce((sum, [name]) => sum + (phases[name] ?? 0), 0);
  const longestS = Math.max(...ways.map(([, { phases }]) => totalOf(phases) / 1000));
  const x = scaleOf([0, Math.max(1, Math.ceil(longestS))], [left, right]);
  const bottom = 8 + ways.length * rowHeight;
  const rows = ways.map(([way, { phases }], place) => {
    const y = 8 + place * rowHeight;
    return `<text class="name" x="4" y="${y + rowHeight / 2 + 4}">${escaped(way)}</text>${stack(phases, { x, y: y + 8 })}`;
  });
  return svg(bottom + 24, "Where the time of a failover goes: medians by kind of fault", [axis(x, bottom), ...rows]);
}

function stack(phases: Phases, at: { x: (s: number) => number; y: number }): string {
  let fromS = 0;
  return phaseNames
    .map(([name, words, color]) => {
      const lengthS = (phases[name] ?? 0) / 1000;
      const [from, to] = [at.x(fromS), at.x(fromS + lengthS)];
      fromS += lengthS;
      const title = `<title>${words}: ${lengthS.toFixed(2)} s</title>`;
      return `<rect x="${px(from)}" y="${at.y}" width="${px(Math.max(to - from, 0))}" height="18" fill="var(${color})">${title}</rect>`;
    })
    .join("");
}

export function phaseLegend(): string {
  return `<p class="legend">${phaseNames.map(([, words, color]) => `<span><i style="background:var(${color})"></i>${words}</span>`).join("")}</p>`;
}

function waysOf(entry: EntryVerdict): Way[] {
  const all = entry.scenarios.flatMap((run) =>
    timedIn(run)
      .filter(({ isDenied, verdict }) => !isDenied || verdict !== "kept")
      .map((one): Run => ({ ...one, of: `${run.scenario} #${run.repeat}` })),
  );
  const names = [...new Set(all.map(({ way }) => way))];
  return names.map((way) => ({ way, runs: all.filter((run) => run.way === way) }));
}

function secondsOf({ failoverS }: Run): number {
  return failoverS;
}

function axis(x: ReturnType<typeof scaleOf>, bottom: number): string {
  return ticksOf(x, 10)
    .map(
      (tick) =>
        `<line class="axis" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${bottom}" y2="${bottom + 5}"/>` +
        `<text x="${px(x(tick))}" y="${bottom + 18}" text-anchor="middle">${tick}${tick === 0 ? " s" : ""}</text>`,
    )
    .join("");
}

function svg(height: number, label: string, parts: string[]): string {
  return `<div class="scroll"><svg class="narrow" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${parts.join("")}</svg></div>`;
}
