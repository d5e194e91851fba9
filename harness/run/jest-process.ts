// Runs Jest on the suites, in a process of its own. It reads no verdict: those come from the saved histories.

import { spawn } from "node:child_process";
import { createWriteStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { runFolderVariable } from "./plan.ts";

export interface RunnerOptions {
  /** Of the run; it holds the plan. */
  folder: string;
  signal: AbortSignal;
}

export const runnerLog = "jest.log";

/**
 * Waits for Jest's end.
 *
 * @returns its exit code. 1 says only that some claim does not hold.
 * @throws HarnessError `run/interrupted` when the signal fired.
 */
export async function runSuites(options: RunnerOptions): Promise<number> {
  const { folder, signal } = options;
  const jest = join(repository, "node_modules", "jest", "bin", "jest.js");
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  // Every suite file: a scenario of one suite may decide an entry of another. Claims outside the plan are skipped.
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
      // A process group of its own: a Ctrl-C on the terminal reaches the gate alone, which ends this process and cleans
      // up.
      detached: true,
    },
  );
  const log = createWriteStream(join(folder, runnerLog));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const onAbort = () => child.kill("SIGKILL");
  signal.addEventListener("abort", onAbort, { once: true });
  // A signal that fired earlier calls no listener.
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
