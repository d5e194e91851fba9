// `triad watch`: the monitors of a zone that is up: as a live screen, as lines, as JSON or as metrics.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import type { CommandContext } from "#api/operations.ts";
import { wholeNumber, zoneName } from "../parse-option.ts";
import { examples } from "./options.ts";

interface WatchFlags {
  json?: true;
  metrics?: number;
}

const columnsDefault = 80;

export function addWatch(program: Command, context: CommandContext): void {
  program
    .command("watch")
    .summary("show the monitors of a zone live")
    .description("Shows the monitors of a zone that is up, until Ctrl-C.")
    .argument("[zone]", "which zone (default: the only one that is up)", zoneName("zone name"))
    .option("--json", "print one line of JSON for each change")
    .option("--metrics <port>", "also serve Prometheus metrics on 127.0.0.1", wholeNumber("--metrics", 0, 65_535))
    .addHelpText("after", examples("watch", "watch second --json", "watch --metrics 9464"))
    .action(async (zone: string | undefined, { json, metrics }: WatchFlags) => {
      const isTerminal = process.stdout.isTTY === true && json !== true;
      const terminal = {
        columns: process.stdout.columns ?? columnsDefault,
        isColoured: process.env["NO_COLOR"] === undefined,
        ...defined({ rows: process.stdout.rows as number | undefined }),
      };
      const options = {
        isJson: json === true,
        write: (text: string) => context.write(text),
        ...defined({ zone, metricsPort: metrics, terminal: isTerminal ? terminal : undefined }),
      };
      await (await context.operations()).watch(options, context);
    });
}
