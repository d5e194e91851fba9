// Starts Jest on the suites of a plan in a process of its own, and passes its progress on. It reads no verdict: those
// come from the saved histories.

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { HarnessError } from "#base/errors.ts";
import { LineDecoder } from "#wire/codec.ts";
import { repository } from "./images.ts";
import type { RunPlan } from "./run-plan.ts";
import { newsDescriptor, type RunNews, runFolderVariable } from "./suite-run.ts";

export interface RunnerOptions {
  folder: string;
  plan: RunPlan;
  signal: AbortSignal;
  onNews: (news: RunNews) => void;
}

export const runnerLog = "jest.log";

/**
 * Runs Jest to its end and gives back its exit code; 1 means only that some claim did not hold.
 *
 * @throws HarnessError `run/interrupted` when the signal fired.
 */
export async function runSuites(options: RunnerOptions): Promise<number> {
  const { folder, plan, signal } = options;
  const jest = join(repository, "node_modules", "jest", "bin", "jest.js");
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const files = plan.suites.map((suite) => join(repository, "suites", `${suite}.test.ts`));
  const child = spawn(
    process.execPath,
    [...flags, jest, "--ci", "--runInBand", "--selectProjects", "suites", "--runTestsByPath", ...files],
    {
      cwd: repository,
      env: { ...process.env, [runFolderVariable]: folder, FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      // A group of its own: a Ctrl-C on the terminal reaches the gate, which ends this process and then cleans up.
      detached: true,
    },
  );
  const log = createWriteStream(join(folder, runnerLog));
  child.stdout!.pipe(log, { end: false });
  child.stderr!.pipe(log, { end: false });
  const decoder = new LineDecoder<RunNews>(() => {});
  const news = child.stdio[newsDescriptor] as Readable;
  news.setEncoding("utf8").on("data", (chunk: string) => decoder.push(chunk).forEach(options.onNews));
  const onAbort = () => child.kill("SIGKILL");
  signal.addEventListener("abort", onAbort, { once: true });
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
