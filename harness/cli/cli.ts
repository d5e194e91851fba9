// The command line: which commands there are, and how every one of them ends. `./triad` starts this file.
// Not the work itself: commands ask triad.ts through deps.ts, and it is loaded only when a command needs it.

import { every } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { Door, Triad } from "#api/api.ts";
import { watchInterrupts } from "./interrupt.ts";
import { runCommand } from "./program.ts";
import { TextProgress } from "./progress.ts";

/** Something may keep the process alive after its command is done; it is given this long. */
const lingerMs = 5_000;

/** Loading the container libraries takes most of a second, which --help should not cost. */
async function loadTriad(): Promise<Triad> {
  return (await import("./app.ts")).triad;
}

async function main(): Promise<number> {
  // A second Ctrl-C ends at once, whatever is still open.
  const interrupts = watchInterrupts(
    process,
    (line) => progress.say(line),
    (code) => process.exit(code),
  );
  using progress = new TextProgress(process.stderr, { isCi: process.env["CI"] !== undefined });
  let exitCode = 0;
  const door: Door = {
    triad: loadTriad,
    context: { signal: interrupts.signal, progress },
    print: (text) => process.stdout.write(`${text}\n`),
    write: (text) => process.stdout.write(text),
    exit: (code) => (exitCode = code),
  };
  const failed = await runCommand(process.argv.slice(2), door, (text) => process.stderr.write(`${text}\n`));
  return interrupts.exitCode() ?? failed ?? exitCode;
}

// `triad list | head` closes our standard output early; that is no trouble of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") process.stderr.write(`triad: ${messageOf(error)}\n`);
});

// Left to Node, both would end with 1, which says that a zone broke a promise.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (thrown: unknown) => {
    process.stderr.write(`${HarnessError.from(thrown).describe()}\n${thrown instanceof Error ? thrown.stack : ""}\n`);
    process.exit(3);
  });
}

process.exitCode = await main();
// A forgotten handle must not hang a CI job.
every(lingerMs, () => process.exit());
