// `triad test`: everything this repository promises of itself, and the last line says how many promises held.
// First the checks that need no Docker (tools/check.ts, in a process of its own), then the reference zone by the suites.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "#base/repository.ts";
import type { Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import { addSelection, examples, type SelectFlags, selectionOf } from "./options.ts";
import type { Door, GateOptions, RunContext } from "#api/api.ts";

const checkDeadlineMs = 600_000;
/** Fewer zones at a time than a gate would run: a test of this repository is in no hurry, and wants quiet figures. */
const testJobs = 3;

export interface Counts {
  passed: number;
  failed: number;
}

export interface CheckReport {
  results: (Counts & { name: string; isOk: boolean })[];
}

export type RunChecks = (context: RunContext) => Promise<CheckReport>;

export function addTest(program: Command, door: Door, runChecks: RunChecks = runCheckTool): void {
  const command = program
    .command("test")
    .summary("check this repository, then put the reference zone through the suites")
    .description("The last line is `N passed, N failed`; what could not be judged counts as failed.");
  addSelection(command)
    .option("--no-zone", "only what needs no Docker")
    .addHelpText("after", examples("test", "test --no-zone", "test --suite failure --jobs 2"))
    .action(async (flags: SelectFlags & { zone: boolean }) => {
      const counts = countChecks(await runChecks(door.context));
      if (flags.zone) add(counts, await countGate(door, flags));
      // A run that counted nothing has proved nothing.
      if (counts.passed === 0 && counts.failed === 0) counts.failed = 1;
      door.print(`${counts.passed} passed, ${counts.failed} failed`);
      door.exit(counts.failed === 0 ? 0 : 1);
    });
}

async function countGate(door: Door, flags: SelectFlags): Promise<Counts> {
  const options: GateOptions = { jobs: testJobs, ...selectionOf(flags), repeat: 1, tier: "standard", isKept: false };
  try {
    const outcome = await (await door.triad()).gate(options, door.context);
    door.print(outcome.summary);
    const failed = outcome.broken + outcome.unknown;
    // The exit code has the last word: a gate that is red for any other reason is one failure.
    return { passed: outcome.kept, failed: failed === 0 && outcome.exitCode !== 0 ? 1 : failed };
  } catch (thrown) {
    if (door.context.signal.aborted) throw thrown;
    door.print(HarnessError.from(thrown).describe());
    return { passed: 0, failed: 1 };
  }
}

export function countChecks(report: CheckReport): Counts {
  const sum: Counts = { passed: 0, failed: 0 };
  for (const result of report.results) {
    add(sum, result);
    if (!result.isOk && result.failed === 0) sum.failed += 1;
  }
  return sum;
}

function add(sum: Counts, more: Counts): void {
  sum.passed += more.passed;
  sum.failed += more.failed;
}

/** Runs tools/check.ts with its output on ours. @throws HarnessError `run/internal` when it wrote no counts. */
async function runCheckTool({ signal }: RunContext): Promise<CheckReport> {
  const folder = mkdtempSync(join(tmpdir(), "triad-test-"));
  const file = join(folder, "check.json");
  try {
    const tool = join(repository, "tools", "check.ts");
    const child = spawn(process.execPath, [tool, "--json", file], { stdio: ["ignore", "inherit", "inherit"], signal });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    const code = await withDeadline(ended, { what: "tools/check.ts to end", deadlineMs: checkDeadlineMs, signal });
    return readReport(file, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string, code: number | null): CheckReport {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as CheckReport;
  } catch (cause) {
    throw new HarnessError("run/internal", `tools/check.ts ended with ${code} and left no counts`, { cause });
  }
}
