// `triad engine up|down|status` and `triad prune`: the Docker daemon of our own, and what dead runs left behind.

import type { Command } from "commander";
import { examples, tellAnswer } from "./command-parts.ts";
import type { Answer, Door, RunContext, Triad } from "./deps.ts";

type Ask = (triad: Triad, context: RunContext) => Promise<Answer>;

export function addEngine(program: Command, door: Door): void {
  const engine = program
    .command("engine")
    .summary("keep the embedded Docker engine up between runs")
    .description("A run starts the embedded engine when there is no other daemon, and ends it; `engine up` keeps it.")
    .addHelpText("after", examples("engine up", "engine status --json", "engine down"));
  const add = (parent: Command, name: string, summary: string, ask: Ask) =>
    parent
      .command(name)
      .summary(summary)
      .option("--json", "print it as JSON")
      .addHelpText("after", examples(parent === engine ? `engine ${name}` : name))
      .action(async (flags: { json?: true }) =>
        tellAnswer(door, await ask(await door.triad(), door.context), flags.json),
      );
  add(engine, "up", "start it and keep it", (triad, context) => triad.engineUp(context));
  add(engine, "down", "end it, with all that runs in it", (triad, context) => triad.engineDown(context));
  add(engine, "status", "say which daemon a run would use", (triad, context) => triad.engineStatus(context));
  add(program, "prune", "remove what dead runs left behind; live runs are not touched", (triad, context) =>
    triad.prune(context),
  );
}
