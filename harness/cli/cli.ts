// The entry point of the command line: `./triad` starts this file. It sets up the process and runs one command. The
// work itself is in operations/, which is loaded only when a command needs it.

import { every } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { CommandContext, Operations } from "#api/operations.ts";
import { watchInterrupts } from "./interrupt.ts";
import { runCommand } from "./program.ts";
import { TextProgress } from "./progress.ts";

/** The process ends at the latest this long after its command. */
const lingerMs = 5_000;

/** Loading the container libraries takes most of a second. --help should not wait for it. */
async function loadOperations(): Promise<Operations> {
  return (await import("./operations/index.ts")).operations;
}

async function main(): Promise<number> {
  // A second Ctrl-C ends the process at once.
  const interrupts = watchInterrupts(
    process,
    (line) => progress.say(line),
    (code) => process.exit(code),
  );
  using progress = new TextProgress(process.stderr, { isCi: process.env["CI"] !== undefined });
  let exitCode = 0;
  const context: CommandContext = {
    operations: loadOperations,
    signal: interrupts.signal,
    progress,
    print: (text) => process.stdout.write(`${text}\n`),
    write: (text) => process.stdout.write(text),
    exit: (code) => (exitCode = code),
  };
  const failed = await runCommand(process.argv.slice(2), context, (text) => process.stderr.write(`${text}\n`));
  return interrupts.exitCode() ?? failed ?? exitCode;
}

// `triad list | head` closes standard output early. That is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") process.stderr.write(`triad: ${messageOf(error)}\n`);
});

// Node would end with exit code 1 for both, and 1 means that a zone broke a promise.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (thrown: unknown) => {
    process.stderr.write(`${HarnessError.from(thrown).describe()}\n${thrown instanceof Error ? thrown.stack : ""}\n`);
    process.exit(3);
  });
}

process.exitCode = await main();
// An open handle must not hang a CI job.
every(lingerMs, () => process.exit());
