// `triad bench checker N`: the cost of reading and judging a generated history of N operations. The lower bound is the
// cost of reading its bytes and finding its lines. No Docker.

import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { longHistory } from "./long-history.ts";
import { encodeLine } from "#history/codec.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { BenchmarkOptions } from "#api/run-options.ts";
import type { Measurement } from "./measure-history.ts";

const seed = 1;
const bufferChars = 1 << 20;
/** A busy machine needs far less for ten million operations. */
const measureDeadlineMs = 600_000;

export function benchChecker({ operations }: BenchmarkOptions["checker"], { progress }: RunContext): Answer {
  const step = progress.step("checker");
  const folder = mkdtempSync(join(tmpdir(), "triad-history-"));
  try {
    const path = join(folder, "history.jsonl");
    step.update(`writing ${operations} operations`);
    write(path, operations);
    step.update("reading its lines");
    const floor = measure("floor", path);
    step.update("reading and judging");
    const whole = measure("judge", path);
    step.done();
    return answerOf(operations, statSync(path).size, { floor, whole });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(path: string, operations: number): void {
  const { header, events } = longHistory({ operations, seed });
  const file = openSync(path, "w");
  let text = encodeLine(header);
  for (const event of events) {
    text += encodeLine(event);
    if (text.length < bufferChars) continue;
    writeSync(file, text);
    text = "";
  }
  writeSync(file, text);
  closeSync(file);
}

function measure(task: "floor" | "judge", path: string): Measurement {
  const program = join(import.meta.dirname, "measure-history.ts");
  const run = spawnSync(process.execPath, [program, task, path], { encoding: "utf8", timeout: measureDeadlineMs });
  if (run.status !== 0)
    throw new HarnessError("run/internal", `measure-history.ts ended with ${run.status}: ${run.stderr.slice(-400)}`);
  return JSON.parse(run.stdout) as Measurement;
}

function answerOf(
  operations: number,
  bytes: number,
  { floor, whole }: { floor: Measurement; whole: Measurement },
): Answer {
  const totalMs = Math.round(whole.readMs + whole.judgeMs);
  const floorMs = Math.round(floor.readMs);
  const ratio = Math.round((10 * totalMs) / floorMs) / 10;
  const verdicts = Object.entries(whole.verdicts).map(([entry, verdict]) => `${entry} ${verdict}`);
  const lines = [
    `history of ${operations} operations: ${whole.lines} lines, ${Math.round(bytes / 2 ** 20)} MiB`,
    `read                ${String(Math.round(whole.readMs)).padStart(7)} ms`,
    `judge               ${String(Math.round(whole.judgeMs)).padStart(7)} ms  ${verdicts.join(", ")}`,
    `total               ${String(totalMs).padStart(7)} ms  ${ratio} x reading its bytes and finding its lines (${floorMs} ms)`,
    `peak memory         ${String(whole.peakMib).padStart(7)} MiB  ${floor.peakMib} MiB without the history`,
  ];
  return { summary: lines.join("\n"), data: { operations, bytes, totalMs, floorMs, ratio, whole, floor } };
}
