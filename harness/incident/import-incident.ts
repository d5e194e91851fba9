// `triad import`: reads the logs of three nodes, and optionally a capture, into one timeline, and proposes the faults
// that explain it. It reads files only.

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { readNodeLog } from "./timeline/node-log.ts";
import { clocksText, clockText, eventsText, filesText, silencesText } from "./timeline/print-timeline.ts";
import { type Timeline, timelineOf } from "./timeline/timeline.ts";
import { compare, comparisonText } from "./timeline/compare.ts";
import { type Explanation, explain } from "./propose/propose.ts";
import type { Proposal } from "./propose/proposal.ts";
import { proposedFile } from "./propose/proposed-file.ts";
import { describeFault } from "#spec/faults.ts";
import { readCapture } from "./packets/read-capture.ts";
import { type AdvertSpan, advertSpans, captureText } from "./packets/adverts.ts";

export interface ImportOptions {
  /** Paths of log files, by node. */
  logs: Record<NodeName, string[]>;
  pcap?: string;
  /** Folder with alpha.log, beta.log and gamma.log of a replay. */
  replayed?: string;
  /** For stamps without a year. Absent: the year in which the file was written. */
  year?: number;
}

export interface Imported {
  timeline: Timeline;
  explanation: Explanation;
  /** The scenario file; absent when nothing was proposed. */
  file?: string;
  /** For the terminal. */
  lines: string[];
}

/**
 * @throws HarnessError `usage/bad-log` for a file that cannot be read, and when no file has a line with a time.
 */
export async function importIncident(options: ImportOptions, signal?: AbortSignal): Promise<Imported> {
  const timeline = await readTimeline(options.logs, options.year, signal);
  if (timeline.spans.length === 0)
    throw new HarnessError("usage/bad-log", "no line of these logs has a time stamp that this reader knows", {
      expected: "journalctl -o json, -o short-iso or -o short, or a log with ISO stamps",
    });
  const explanation = explain(timeline);
  const file = proposedFile(explanation, timeline);
  const lines = [
    ...section("Logs", [...filesText(timeline), ...timeline.shortLogs]),
    ...section("Clocks", clocksText(timeline)),
    ...section("Silences", silencesText(timeline)),
    ...section("Timeline", eventsText(timeline)),
    ...(options.pcap === undefined ? [] : section("Capture", await captureLines(options.pcap, timeline))),
    ...section("Proposed faults", proposalsText(explanation)),
    ...(options.replayed === undefined
      ? []
      : section("Field and replay", await replayLines(options, timeline, explanation))),
  ];
  return { timeline, explanation, ...(file === undefined ? {} : { file }), lines };
}

async function readTimeline(
  logs: Record<NodeName, string[]>,
  year: number | undefined,
  signal?: AbortSignal,
): Promise<Timeline> {
  const read = [];
  for (const node of nodeNames) {
    if (logs[node].length === 0) continue;
    const ofFile = year ?? yearOf(logs[node][0]!);
    read.push(await readNodeLog(node, logs[node], { year: ofFile, ...(signal ? { signal } : {}) }));
  }
  return timelineOf(read);
}

function yearOf(path: string): number {
  return existsSync(path) ? statSync(path).mtime.getUTCFullYear() : 1970;
}

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((one) => `  ${one}`), ""];

function proposalsText({ proposals, unexplained }: Explanation): string[] {
  const lines = proposals.flatMap((one) => [
    `${clockText(one.atMs)}${one.untilMs === undefined ? "" : ` to ${clockText(one.untilMs)}`}  ${describeFault(one.fault)} (${one.confidence})`,
    ...one.because.map((why) => `    ${why}`),
    ...(one.alternatives.length > 0 ? [`    or: ${one.alternatives.join("; ")}`] : []),
  ]);
  if (proposals.length === 0) lines.push("none: nothing in these logs shows a fault that the harness knows");
  if (unexplained.length === 0) return lines;
  const shown = unexplained
    .slice(0, 10)
    .map((one) => `    ${clockText(one.atMs)} ${one.node} ${one.text.slice(0, 110)}`);
  return [...lines, `nothing explains ${unexplained.length} lines:`, ...shown];
}

async function captureLines(path: string, timeline: Timeline): Promise<string[]> {
  const capture = await readCapture(path);
  const spans: AdvertSpan[] = advertSpans(capture.adverts, timeline.addresses);
  return captureText(capture, spans, timeline);
}

async function replayLines(
  { replayed }: ImportOptions,
  field: Timeline,
  { proposals }: Explanation,
): Promise<string[]> {
  const logs = Object.fromEntries(nodeNames.map((node) => [node, [join(replayed!, `${node}.log`)]]));
  const replay = await readTimeline(logs as Record<NodeName, string[]>, undefined);
  const again = explain(replay).proposals;
  const zeroOf = (all: readonly Proposal[], { spans }: Timeline): number =>
    all[0]?.atMs ?? Math.min(...spans.map(({ fromMs }) => fromMs));
  const rows = compare(
    { timeline: field, zeroMs: zeroOf(proposals, field) },
    { timeline: replay, zeroMs: zeroOf(again, replay) },
  );
  return comparisonText(rows);
}
