// `triad watch`: the monitors of a zone that `up` left running, live, as lines, or as metrics.

import type { Command } from "commander";
import { examples } from "./options.ts";
import type { Door } from "#api/api.ts";
import { parseZoneName, wholeNumber } from "../parse-option.ts";

interface WatchFlags {
  json?: true;
  metrics?: number;
}

const columnsDefault = 80;

export function addWatch(program: Command, door: Door): void {
  program
    .command("watch")
    .summary("show the monitors of a zone that is up, until Ctrl-C")
    .argument("[zone]", "which one (default: the only one that is up)", parseZoneName)
    .option("--json", "print each change as one line of JSON")
    .option("--metrics <port>", "also serve Prometheus metrics on 127.0.0.1", wholeNumber(0, 65_535))
    .addHelpText("after", examples("watch", "watch second --json", "watch --metrics 9464"))
    .action(async (zone: string | undefined, { json, metrics }: WatchFlags) => {
      const isTerminal = process.stdout.isTTY === true && json !== true;
      const terminal = {
        columns: process.stdout.columns ?? columnsDefault,
        isColoured: process.env["NO_COLOR"] === undefined,
      };
      const options = {
        isJson: json === true,
        write: (text: string) => door.write(text),
        ...(zone === undefined ? {} : { zone }),
        ...(metrics === undefined ? {} : { metricsPort: metrics }),
        ...(isTerminal ? { terminal } : {}),
      };
      await (await door.triad()).watch(options, door.context);
    });
}
