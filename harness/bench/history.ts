// `triad bench --operations N`: what reading and judging a history of N operations costs, beside the least that any reader
// must do. The history is invented here: no Docker. A measurement of this machine, not a verdict.

import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { longHistory } from "./long-history.ts";
import { encodeLine } from "#history/codec.ts";
import type { Answer, RunContext } from "#api/api.ts";
import type { Weight } from "./weigh-history.ts";

const seed = 1;
const bufferChars = 1 << 20;
/** Far beyond what a busy machine takes for ten million. */
const weighDeadlineMs = 600_000;

export function benchHistory(operations: number, { progress }: Pick<RunContext, "progress">): Answer {
  const step = progress.step("a long history");
  const folder = mkdtempSync(join(tmpdir(), "triad-history-"));
  try {
    const path = join(folder, "history.jsonl");
    step.update(`writing ${operations} operations`);
    write(path, operations);
    step.update("reading its lines");
    const floor = weigh("floor", path);
    step.update("reading and judging");
    const whole = weigh("judge", path);
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

function weigh(task: "floor" | "judge", path: string): Weight {
  const program = join(import.meta.dirname, "weigh-history.ts");
  const run = spawnSync(process.execPath, [program, task, path], { encoding: "utf8", timeout: weighDeadlineMs });
  if (run.status !== 0)
    throw new HarnessError("run/internal", `weighing a history ended with ${run.status}: ${run.stderr.slice(-400)}`);
  return JSON.parse(run.stdout) as Weight;
}

function answerOf(operations: number, bytes: number, { floor, whole }: { floor: Weight; whole: Weight }): Answer {
  const totalMs = Math.round(whole.readMs + whole.judgeMs);
  const floorMs = Math.round(floor.readMs);
  const ratio = Math.round((10 * totalMs) / floorMs) / 10;
  const verdicts = Object.entries(whole.verdicts).map(([entry, verdict]) => `${entry} ${verdict}`);
  const lines = [
    `a history of ${operations} operations: ${whole.lines} lines, ${Math.round(bytes / 2 ** 20)} MiB`,
    `read into columns   ${String(Math.round(whole.readMs)).padStart(7)} ms`,
    `judged              ${String(Math.round(whole.judgeMs)).padStart(7)} ms  ${verdicts.join(", ")}`,
    `together            ${String(totalMs).padStart(7)} ms  ${ratio} x reading its bytes and finding its lines (${floorMs} ms)`,
    `peak memory         ${String(whole.peakMib).padStart(7)} MiB ${floor.peakMib} MiB without the history`,
  ];
  return { summary: lines.join("\n"), data: { operations, bytes, totalMs, floorMs, ratio, whole, floor } };
}
