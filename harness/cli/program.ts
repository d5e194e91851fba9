// Builds the command line with commander, runs one command, and turns every failure into a coded message and an exit
// code. It does not touch the process, so that tests can call it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import type { CommandContext } from "#api/operations.ts";
import { addBench } from "./commands/bench.ts";
import { addCheck } from "./commands/check.ts";
import { addCut } from "./commands/cut.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDown } from "./commands/down.ts";
import { addEngine } from "./commands/engine.ts";
import { addExec } from "./commands/exec.ts";
import { addExplain } from "./commands/node-image/explain.ts";
import { addFault } from "./commands/fault.ts";
import { addGate } from "./commands/gate.ts";
import { addHeal } from "./commands/heal.ts";
import { addImport } from "./commands/import.ts";
import { addJudge, addSaveScenario } from "./commands/judge.ts";
import { addInspect } from "./commands/node-image/inspect.ts";
import { addList } from "./commands/list.ts";
import { addLogs } from "./commands/logs.ts";
import { addProve } from "./commands/prove.ts";
import { addPrune } from "./commands/prune.ts";
import { addReplay } from "./commands/replay.ts";
import { addRestore } from "./commands/restore.ts";
import { addShrink } from "./commands/shrink.ts";
import { addSnapshot } from "./commands/snapshot.ts";
import { addStatus } from "./commands/status.ts";
import { addTest } from "./commands/test.ts";
import { addUp } from "./commands/up.ts";
import { addWatch } from "./commands/watch.ts";
import { examples } from "./commands/options.ts";

/** Commands by theme, in the order in which help shows them. */
const groups: Record<string, ((program: Command, context: CommandContext) => void)[]> = {
  "Test a zone:": [addGate, addInspect, addExplain, addCheck, addProve, addList],
  "Replay an incident:": [addReplay, addImport, addShrink],
  "Work with a zone by hand:": [
    addUp,
    addStatus,
    addWatch,
    addJudge,
    addSaveScenario,
    addLogs,
    addExec,
    addSnapshot,
    addRestore,
    addDown,
  ],
  "Break it and repair it:": [addFault, addCut, addHeal],
  "This machine and this repository:": [addDoctor, addBench, addEngine, addPrune, addTest],
};

/** The help text of every command. */
export function helpTexts(): { command: string; text: string }[] {
  let printed = "";
  const context = { write: (text: string) => void (printed += text) } as unknown as CommandContext;
  const textsOf = (command: Command, parents = ""): { command: string; text: string }[] => {
    const name = `${parents}${command.name()}`;
    printed = "";
    // Unlike helpInformation, this prints the examples too.
    command.outputHelp();
    // docs/faults.md has the options of each fault.
    const below = name === "triad fault" ? [] : command.commands;
    return [{ command: name, text: printed }, ...below.flatMap((one) => textsOf(one, `${name} `))];
  };
  return textsOf(buildProgram(context).program);
}

/** The program, and what commander wrote as an error: usageOf gives that text a code. */
function buildProgram(context: CommandContext): { program: Command; said: () => string } {
  let said = "";
  const program = new Command("triad")
    .description(
      "Starts a real three-node zone on this machine, injects faults, and says which promises of the pattern it kept.",
    )
    .version(version(), "--version", "print the version")
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.write(text), writeErr: (text) => (said += text) })
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      examples("doctor", "gate --out /tmp/evidence", "check /tmp/evidence", "gate --only alpha-isolated"),
    );
  // Commands inherit these settings only when they are added after them.
  for (const [heading, commands] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, context);
  }
  // Created now, it belongs to the last group.
  program.helpCommand("help [command]", "show the help of a command");
  return { program, said: () => said };
}

function version(): string {
  return (JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string }).version;
}

/**
 * Runs one command.
 *
 * @returns null when the command ended by itself (it set its exit code in the context), else the exit code of its
 * failure.
 */
export async function runCommand(
  argv: string[],
  context: CommandContext,
  tell: (text: string) => void,
): Promise<number | null> {
  const { program, said } = buildProgram(context);
  try {
    await program.parseAsync(argv, { from: "user" });
    return null;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = thrown instanceof CommanderError ? usageOf(thrown, said()) : causeOf(thrown, context.signal);
    tell(error.describe());
    if (asksJson(argv)) context.print(errorJson(error));
    if (process.env["TRIAD_DEBUG"]) tell(stacksOf(error).join("\ncaused by: "));
    else if (error.code === "run/internal") tell("  stack:    set TRIAD_DEBUG=1 and run the command again");
    return error.exitCode;
  }
}

/** What stands after "--" belongs to another program. */
function asksJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? undefined : end).includes("--json");
}

/** The same as the text on standard error, for a program that reads standard output. */
function errorJson({ code, message, expected, remedy, exitCode }: HarnessError): string {
  return JSON.stringify({ format: "triad-error/1", exitCode, code, message, ...defined({ expected }), remedy });
}

/**
 * After an interrupt, a foreign error only follows from it (an aborted call, a killed child). A HarnessError counts.
 */
function causeOf(thrown: unknown, signal: AbortSignal): HarnessError {
  return HarnessError.from(signal.aborted && !(thrown instanceof HarnessError) ? signal.reason : thrown);
}

/** "error: unknown option '--sweet'\n(Did you mean --suite?)" as a HarnessError. */
function usageOf(error: CommanderError, said: string): HarnessError {
  if (error.code === "commander.help") {
    return new HarnessError("usage/bad-command", "no command given", {
      expected: "a command that ./triad --help lists",
    });
  }
  const lines = (said || error.message)
    .trim()
    .split("\n")
    .filter((line) => line !== "");
  const happened = (lines[0] ?? "").replace(/^error: /, "").replace(/[.]$/, "");
  const hint = lines.slice(1).join(" ").replaceAll(/[()]/g, "");
  return new HarnessError("usage/bad-command", happened, hint === "" ? {} : { expected: hint });
}

/** The stack of an error and of its causes. Bounded, because a chain of causes can be circular. */
function stacksOf(error: Error): string[] {
  const stacks: string[] = [];
  for (let at: unknown = error; at instanceof Error && stacks.length < 10; at = at.cause)
    stacks.push(at.stack ?? at.message);
  return stacks;
}
