// Runs a program of the host to its end, with a deadline. Only for bootstrapping and probing: no part of a zone runs
// this way.

import { spawn, spawnSync } from "node:child_process";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";

export interface ToolOptions {
  deadlineMs: number;
  cwd?: string;
  /** Return the result instead of throwing when the program fails. */
  isFailureAllowed?: boolean;
}

export interface ToolResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * @throws HarnessError `run/internal` with its last lines when the program fails, `wait/timeout` when it does not end.
 */
export async function runTool(program: string, args: string[], options: ToolOptions): Promise<ToolResult> {
  const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
  const child = spawn(program, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-20_000)));
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 128));
  });
  try {
    const code = await withDeadline(ended, { what: `${program} to end`, deadlineMs: options.deadlineMs });
    if (code !== 0 && !options.isFailureAllowed)
      throw new HarnessError(
        "run/internal",
        `${program} ended with ${code}: ${stderr.trim().split("\n").slice(-3).join(" | ")}`,
      );
    return { code, stdout, stderr };
  } finally {
    if (child.exitCode === null) child.kill("SIGKILL");
  }
}

/** True when `name` is on the PATH. */
export function hasTool(name: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$0"', name], { stdio: "ignore" }).status === 0;
}
