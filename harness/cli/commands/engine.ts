// `triad engine`: the embedded Docker engine.

import type { Command } from "commander";
import type { Answer } from "#api/answers.ts";
import type { CommandContext, Operations, RunContext } from "#api/operations.ts";
import { examples, printAnswer } from "./options.ts";

interface EngineCommand {
  description: string;
  operation: (operations: Operations, context: RunContext) => Promise<Answer>;
}

const commands: Record<string, EngineCommand> = {
  up: {
    description: "Starts the embedded engine and keeps it running.",
    operation: (operations, context) => operations.engineUp(context),
  },
  down: {
    description: "Stops the embedded engine and everything that runs in it.",
    operation: (operations, context) => operations.engineDown(context),
  },
  status: {
    description: "Shows which Docker daemon a run would use.",
    operation: (operations, context) => operations.engineStatus(context),
  },
};

export function addEngine(program: Command, context: CommandContext): void {
  const engine = program
    .command("engine")
    .summary("keep the embedded Docker engine running between runs")
    .description(
      "Controls the embedded Docker engine.\n\n" +
        "A run starts it when there is no other Docker daemon, and stops it at the end. `engine up` keeps it running.",
    )
    .addHelpText("after", examples("engine up", "engine status --json", "engine down"));
  for (const [name, { description, operation }] of Object.entries(commands))
    engine
      .command(name)
      .description(description)
      .option("--json", "print the result as JSON")
      .addHelpText("after", examples(`engine ${name}`, `engine ${name} --json`))
      .action(async (flags: { json?: true }) =>
        printAnswer(context, await operation(await context.operations(), context), flags.json),
      );
}
