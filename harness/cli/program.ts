// Builds the commander program and turns every way a command can fail into a coded message and an exit code.
// Free of the process: arguments, door and the place for errors are given, so tests call it too.

import { Command, CommanderError } from "commander";
import { HarnessError } from "#base/errors.ts";
import { addBench } from "./commands/bench.ts";
import { addCheck } from "./commands/check.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEngine } from "./commands/engine.ts";
import { addFaults } from "./commands/fault.ts";
import { addGate } from "./commands/gate.ts";
import { addList } from "./commands/list.ts";
import { addProve } from "./commands/prove.ts";
import { addSnapshots } from "./commands/snapshot.ts";
import { addTest } from "./commands/test.ts";
import { addWatch } from "./commands/watch.ts";
import { addZone } from "./commands/zone.ts";
import { examples } from "./commands/options.ts";
import type { Door } from "#api/api.ts";

/** Commands in the order in which help shows them. */
const groups = [
  addGate,
  addCheck,
  addProve,
  addBench,
  addList,
  addZone,
  addSnapshots,
  addWatch,
  addFaults,
  addEngine,
  addDoctor,
  addTest,
];

/** What each command's help says. */
export function helpTexts(): { command: string; text: string }[] {
  let printed = "";
  const door = { context: {}, write: (text: string) => void (printed += text) } as unknown as Door;
  const textsOf = (command: Command, parents = ""): { command: string; text: string }[] => {
    const name = `${parents}${command.name()}`;
    printed = "";
    // With what is added after the options, which helpInformation alone leaves out.
    command.outputHelp();
    return [{ command: name, text: printed }, ...command.commands.flatMap((one) => textsOf(one, `${name} `))];
  };
  return textsOf(buildProgram(door).program);
}

/** The program, and commander's last word, which is kept apart so that it can be given a code. */
function buildProgram(door: Door): { program: Command; said: () => string } {
  let said = "";
  const program = new Command("triad")
    .description(
      "Puts a real three-node zone on this machine, breaks it, and says which promises of the pattern it kept.",
    )
    .exitOverride()
    .configureOutput({ writeOut: (text) => door.write(text), writeErr: (text) => (said += text) })
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError()
    .addHelpText("after", examples("doctor", "gate", "check evidence/latest"));
  // Settings above are inherited only by commands made after them.
  for (const add of groups) add(program, door);
  return { program, said: () => said };
}

/**
 * Runs one command.
 *
 * @returns null when the command ran to its end (its exit code is in the door), else the exit code of its failure.
 */
export async function runCommand(argv: string[], door: Door, tell: (text: string) => void): Promise<number | null> {
  const { program, said } = buildProgram(door);
  try {
    await program.parseAsync(argv, { from: "user" });
    return null;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = thrown instanceof CommanderError ? usageOf(thrown, said()) : causeOf(thrown, door.context.signal);
    tell(error.describe());
    if (process.env["TRIAD_DEBUG"]) tell(stacksOf(error).join("\ncaused by: "));
    else if (error.code === "run/internal") tell("  stack:    set TRIAD_DEBUG=1 and run it again");
    return error.exitCode;
  }
}

/** After an interrupt a foreign error is its echo (an aborted call, a killed child); one of ours still counts. */
function causeOf(thrown: unknown, signal: AbortSignal): HarnessError {
  return HarnessError.from(signal.aborted && !(thrown instanceof HarnessError) ? signal.reason : thrown);
}

/** "error: unknown option '--sweet'\n(Did you mean --suite?)" as our own kind of message. */
function usageOf(error: CommanderError, said: string): HarnessError {
  if (error.code === "commander.help") {
    return new HarnessError("usage/bad-command", "no command was given", {
      expected: "one of those that ./triad --help names",
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

/** The stack of an error and of its causes. Bounded: a chain of causes could be a ring. */
function stacksOf(error: Error): string[] {
  const stacks: string[] = [];
  for (let at: unknown = error; at instanceof Error && stacks.length < 10; at = at.cause)
    stacks.push(at.stack ?? at.message);
  return stacks;
}
