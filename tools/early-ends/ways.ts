// The ways in which a run is ended. Only processes that this tool started are ended: the run, its terminal, and the
// engine that the tool has for itself.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { enginePaths } from "#engine/paths.ts";
import type { Moment } from "./moments.ts";

/** A gate that was started. */
export interface Started {
  child: ChildProcess;
  /** Where a shell wrote the exit code, if it could not be had otherwise. */
  codeFile?: string;
}

export interface Way {
  words: string;
  /** "verdicts": that of the verdicts. 137 stands for a death by SIGKILL. */
  exit: number | "verdicts";
  start(argv: readonly string[], env: NodeJS.ProcessEnv): Started;
  /** Undefined when the run ends by itself. */
  end?(run: Started): void;
  /** False while there is nothing to end yet. */
  canEnd?(moment: Moment): boolean;
}

const program = join(repository, "triad");

/** In a process group of its own, as a shell does. */
function plain(argv: readonly string[], env: NodeJS.ProcessEnv): Started {
  const child = spawn(program, argv, { env, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.resume();
  return { child };
}

/** On a terminal of its own. The shell in it survives the terminal and writes the exit code of the gate down. */
function onTerminal(argv: readonly string[], env: NodeJS.ProcessEnv): Started {
  const codeFile = `${argv.at(-1)}.code`;
  const quoted = [program, ...argv].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const shell = `trap : HUP; ${quoted}; echo $? > '${codeFile}'`;
  const child = spawn("/usr/bin/script", ["--quiet", "--flush", "--command", shell, "/dev/null"], {
    env: { ...env, SHELL: "/bin/sh" },
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdout.resume();
  return { child, codeFile };
}

const signalled = (signal: NodeJS.Signals) => (run: Started) => void run.child.kill(signal);

/** As a Ctrl-C does: every process of the group. */
function pressed({ child }: Started): void {
  process.kill(-child.pid!, "SIGINT");
}

/** Ends the keeper of the tool's own engine. The kernel then ends everything of the engine. */
function loseEngine(): void {
  const { keeperPid } = enginePaths();
  if (!existsSync(keeperPid)) throw new HarnessError("engine/no-answer", `no engine runs: ${keeperPid} is missing`);
  process.kill(Number(readFileSync(keeperPid, "utf8").split("-")[0]), "SIGKILL");
}

/** The first one also shows how late each moment is, which a deadline must be told before. */
export const ways: Readonly<Record<string, Way>> = {
  sigterm: { words: "SIGTERM", exit: 143, start: plain, end: signalled("SIGTERM") },
  sigint: { words: "Ctrl-C", exit: 130, start: plain, end: pressed },
  deadline: { words: "`--deadline`", exit: "verdicts", start: plain },
  terminal: { words: "the terminal was closed", exit: 129, start: onTerminal, end: signalled("SIGKILL") },
  sigkill: { words: "SIGKILL", exit: 137, start: plain, end: signalled("SIGKILL") },
  engine: {
    words: "the engine was lost",
    exit: 3,
    start: plain,
    end: loseEngine,
    canEnd: () => existsSync(enginePaths().keeperPid),
  },
};
