// Starts Jest on the suites of a run in a process of its own. It reads no verdict: those come from the saved histories.

import { spawn } from "node:child_process";
import { createWriteStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import type { RunPlan } from "./plan.ts";
import { runFolderVariable } from "./suite-findings.ts";

export interface RunnerOptions {
  folder: string;
  plan: RunPlan;
  signal: AbortSignal;
}

export const runnerLog = "jest.log";

/**
 * Runs Jest to its end and gives back its exit code; 1 means only that some claim did not hold.
 *
 * @throws HarnessError `run/interrupted` when the signal fired.
 */
export async function runSuites(options: RunnerOptions): Promise<number> {
  const { folder, signal } = options;
  const jest = join(repository, "node_modules", "jest", "bin", "jest.js");
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  // Every suite file: an entry may be decided by a scenario of another suite, and a claim that the plan does not
  // decide is skipped.
  const files = readdirSync(join(repository, "suites"))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(repository, "suites", name));
  const child = spawn(
    process.execPath,
    [...flags, jest, "--ci", "--runInBand", "--selectProjects", "suites", "--runTestsByPath", ...files],
    {
      cwd: repository,
      env: { ...process.env, [runFolderVariable]: folder, FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: a Ctrl-C on the terminal reaches the gate, which ends this process and then cleans up.
      detached: true,
    },
  );
  const log = createWriteStream(join(folder, runnerLog));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const onAbort = () => child.kill("SIGKILL");
  signal.addEventListener("abort", onAbort, { once: true });
  // A signal that fired before tells no listener.
  if (signal.aborted) onAbort();
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 128));
    });
    if (signal.aborted) throw new HarnessError("run/interrupted", "the run was interrupted");
    return code;
  } finally {
    signal.removeEventListener("abort", onAbort);
    log.end();
  }
}
