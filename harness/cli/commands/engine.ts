// `triad engine up|down|status` and `triad prune`: the Docker daemon of our own, and what dead runs left behind.

import type { Command } from "commander";
import { examples, tellAnswer } from "./options.ts";
import type { Answer, Door, RunContext, Triad } from "#api/api.ts";

type Ask = (triad: Triad, context: RunContext) => Promise<Answer>;

export function addEngine(program: Command, door: Door): void {
  const engine = program
    .command("engine")
    .summary("keep the embedded Docker engine up between runs")
    .description("A run starts the embedded engine when there is no other daemon, and ends it; `engine up` keeps it.")
    .addHelpText("after", examples("engine up", "engine status --json", "engine down"));
  const add = (parent: Command, name: string, ask: Ask) =>
    parent
      .command(name)
      .option("--json", "print it as JSON")
      .addHelpText("after", examples(parent === engine ? `engine ${name}` : name))
      .action(async (flags: { json?: true }) =>
        tellAnswer(door, await ask(await door.triad(), door.context), flags.json),
      );
  add(engine, "up", (triad, context) => triad.engineUp(context)).summary("start it and keep it");
  add(engine, "down", (triad, context) => triad.engineDown(context)).summary("end it, with all that runs in it");
  add(engine, "status", (triad, context) => triad.engineStatus(context)).summary("say which daemon a run would use");
  add(program, "prune", (triad, context) => triad.prune(context)).summary(
    "remove what dead runs left behind; live runs are not touched",
  );
}
