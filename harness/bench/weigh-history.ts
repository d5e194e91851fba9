// A program of its own, so that its peak of memory is that of one task and nothing else: reads a history and judges it, or
// only reads its bytes and finds its lines. Prints one JSON object. Started by bench-history.ts.

import { closeSync, openSync, readSync } from "node:fs";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { judge } from "#checkers/judge.ts";
import { readHistory } from "#history/read-history.ts";

export interface Weight {
  readMs: number;
  judgeMs: number;
  /** Highest resident size of the process, the runtime's own included. */
  peakMib: number;
  lines: number;
  verdicts: Record<string, string>;
}

const pieceBytes = 1 << 20;
const newline = 0x0a;

/** The least that any reader does: the bytes, and where each line ends. */
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

function weigh(task: string, path: string): Omit<Weight, "peakMib"> {
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
const weighed = weigh(task, path);
// Kilobytes, as getrusage tells them on Linux.
const weight: Weight = { ...weighed, peakMib: Math.round(process.resourceUsage().maxRSS / 1024) };
process.stdout.write(`${JSON.stringify(weight)}\n`);
