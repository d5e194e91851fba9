// A separate program, so that its peak of memory belongs to one task. It reads and judges a history, or only reads its
// bytes and finds its lines. It prints one JSON object. checker.ts starts it.

import { closeSync, openSync, readSync } from "node:fs";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { judge } from "#checkers/judge.ts";
import { readHistory } from "#history/read-history.ts";

export interface Measurement {
  readMs: number;
  judgeMs: number;
  /** Highest resident size of the process, including Node. */
  peakMib: number;
  lines: number;
  verdicts: Record<string, string>;
}

const pieceBytes = 1 << 20;
const newline = 0x0a;

/** The lower bound for any reader: reads the bytes and finds the ends of the lines. */
function countLines(path: string): number {
  const piece = Buffer.allocUnsafe(pieceBytes);
  const file = openSync(path, "r");
  let lines = 0;
  for (;;) {
    const bytes = readSync(file, piece, 0, pieceBytes, null);
    if (bytes === 0) break;
    const held = piece.subarray(0, bytes);
    for (let at = held.indexOf(newline); at >= 0; at = held.indexOf(newline, at + 1)) lines += 1;
  }
  closeSync(file);
  return lines;
}

function measure(task: string, path: string): Omit<Measurement, "peakMib"> {
  const startNs = nowNs();
  if (task === "floor") {
    const lines = countLines(path);
    return { readMs: elapsedMs(startNs), judgeMs: 0, lines, verdicts: {} };
  }
  const history = readHistory(path);
  const readMs = elapsedMs(startNs);
  const judgedNs = nowNs();
  const findings = judge(history);
  const verdicts = Object.fromEntries(findings.map(({ entry, verdict }) => [entry, verdict]));
  return { readMs, judgeMs: elapsedMs(judgedNs), lines: history.events.length + 1, verdicts };
}

const [task = "", path = ""] = process.argv.slice(2);
const measured = measure(task, path);
// getrusage counts in kilobytes on Linux.
const measurement: Measurement = { ...measured, peakMib: Math.round(process.resourceUsage().maxRSS / 1024) };
process.stdout.write(`${JSON.stringify(measurement)}\n`);
