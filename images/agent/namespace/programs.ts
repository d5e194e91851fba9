// Runs short programs, in a node's namespaces or outside of them, each with a timeout. The programs are the agent's:
// `nsenter --root=/` keeps the agent's root in the node's mount namespace. So a node image needs none of them.

import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { RunResult } from "#protocol/commands/node.ts";

export interface RunOptions {
  timeoutMs?: number;
  input?: string;
}

const defaultTimeoutMs = 5_000;
const outputMax = 4 * 1024 * 1024;

/**
 * Runs `argv` in a process group of its own, which is killed as a whole at the timeout: nsenter forks when it enters a
 * PID namespace. Returns any exit code; 124 when it was killed at the timeout. @throws when it cannot be started
 */
export function run(argv: string[], options: RunOptions = {}): Promise<RunResult> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const [file, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(file!, args, { stdio: "pipe", detached: true });
    const stdout = gather(child.stdout);
    const stderr = gather(child.stderr);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`${file}: ${error.message}`));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (isLate) resolve({ code: 124, stdout: stdout(), stderr: `${stderr()}killed after ${timeoutMs} ms` });
      else resolve({ code: code ?? 128, stdout: stdout(), stderr: stderr() });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** Collects a stream's text up to a limit. Call the result for the text. */
function gather(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    if (text.length < outputMax) text += chunk;
  });
  return () => text;
}

/** Like `run`, but throws for any exit code other than 0, with the program's output. */
export async function must(argv: string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code !== 0) throw new Error(`${argv.join(" ")}: exit ${code}: ${(stderr || stdout).trim()}`);
  return stdout;
}

/** Prefixes `argv` to run in the node's network namespace. */
export function inNet(pid: number, argv: string[]): string[] {
  return ["nsenter", `--net=/proc/${pid}/ns/net`, ...argv];
}

/** Prefixes `argv` to run in the node's mount namespace with our own root. Node paths are /proc/PID/root/… there. */
export function inMounts(pid: number, argv: string[]): string[] {
  return ["nsenter", `--mount=/proc/${pid}/ns/mnt`, "--root=/", "--wd=/", ...argv];
}

/** A path of the node as seen from here. @throws when it is not absolute or contains ".." */
export function nodePath(pid: number, path: string): string {
  if (!path.startsWith("/") || path.split("/").includes("..")) throw new Error(`not an absolute path: ${path}`);
  return `/proc/${pid}/root${path}`;
}

export interface Followed {
  stop: () => void;
  /** Asks it to end. */
  end: () => void;
  /** How it ended, and the end of its stderr. */
  ended: Promise<string>;
  /** Resolves once its stderr matches `words`. Rejects when it ends before. */
  said: (words: RegExp) => Promise<void>;
}

/** Starts a program that runs until killed. Lines of its stdout go to `onLine`. */
export function follow(argv: string[], onLine: (line: string) => void): Followed {
  const [file, ...args] = argv;
  const child = spawn(file!, args, { stdio: ["ignore", "pipe", "pipe"] });
  let rest = "";
  let complaint = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complaint = (complaint + chunk).slice(-2000)));
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(`${file} ended (${signal ?? code}): ${complaint.trim()}`));
  });
  const said = async (words: RegExp) => {
    const heard = new Promise<void>((resolve) => {
      // Registered after the listener that collects, so the new text is already there.
      child.stderr.on("data", () => words.test(complaint) && resolve());
    });
    if (words.test(complaint)) return;
    const why = await Promise.race([heard, ended]);
    if (why !== undefined) throw new Error(why);
  };
  return { stop: () => child.kill("SIGKILL"), end: () => child.kill("SIGINT"), ended, said };
}
