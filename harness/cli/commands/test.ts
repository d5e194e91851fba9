// `triad test`: checks this repository. First the checks that need no Docker (tools/check.ts, in a process of its own),
// then a gate on the reference zone. The last line counts both.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "#base/repository.ts";
import type { Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import type { CommandContext, RunContext } from "#api/operations.ts";
import type { GateOptions } from "#api/run-options.ts";
import { addSelection, examples, type SelectFlags, selectionOf } from "./options.ts";

const checkDeadlineMs = 600_000;
/** Fewer zones at a time than a gate runs, because figures are steadier on a machine that is less busy. */
const testJobs = 3;

export interface Counts {
  passed: number;
  failed: number;
}

export interface CheckReport {
  results: (Counts & { name: string; isOk: boolean })[];
}

export type RunChecks = (context: RunContext) => Promise<CheckReport>;

export function addTest(program: Command, context: CommandContext, runChecks: RunChecks = runCheckTool): void {
  const command = program
    .command("test")
    .summary("check this repository, then run a gate on the reference zone")
    .description(
      "Runs the checks of this repository, then a gate on the reference zone.\n\n" +
        "The last line is `N passed, N failed`. An unknown entry counts as failed.",
    );
  addSelection(command)
    .option("--no-zone", "run only the checks that need no Docker")
    .addHelpText("after", examples("test", "test --no-zone", "test --suite failure --jobs 2"))
    .action(async (flags: SelectFlags & { zone: boolean }) => {
      const counts = countChecks(await runChecks(context));
      if (flags.zone) add(counts, await countGate(context, flags));
      // A run without results must not look green.
      if (counts.passed === 0 && counts.failed === 0) counts.failed = 1;
      context.print(`${counts.passed} passed, ${counts.failed} failed`);
      context.exit(counts.failed === 0 ? 0 : 1);
    });
}

async function countGate(context: CommandContext, flags: SelectFlags): Promise<Counts> {
  const options: GateOptions = { jobs: testJobs, ...selectionOf(flags), repeat: 1, tier: "standard", isKept: false };
  try {
    const outcome = await (await context.operations()).gate(options, context);
    context.print(outcome.summary);
    const failed = outcome.broken + outcome.unknown;
    // The exit code decides: a gate that is red for another reason counts as one failure.
    return { passed: outcome.kept, failed: failed === 0 && outcome.exitCode !== 0 ? 1 : failed };
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    context.print(HarnessError.from(thrown).describe());
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

/** Runs tools/check.ts and passes its output on. @throws HarnessError `run/internal` when it wrote no counts. */
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
    throw new HarnessError("run/internal", `tools/check.ts ended with exit code ${code} and wrote no counts`, {
      cause,
    });
  }
}
