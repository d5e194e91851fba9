// `triad import`: logs of the field become one timeline and a proposed scenario file.

import { resolve } from "node:path";
import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { CommandContext } from "#api/operations.ts";
import { folder, readableFile, wholeNumber } from "../parse-option.ts";
import { examples, printAnswer } from "./options.ts";

interface ImportFlags {
  alpha?: string[];
  beta?: string[];
  gamma?: string[];
  pcap?: string;
  replayed?: string;
  out?: string;
  year?: number;
  json?: true;
}

export function addImport(program: Command, context: CommandContext): void {
  program
    .command("import")
    .summary("logs of an incident become a timeline and a proposed scenario (no Docker)")
    .description(
      "Reads the logs of the three nodes of a real zone: journals (journalctl -o json, or text), syslog, and the logs " +
        "of keepalived, nats-server and the controller; gzip too. Aligns the clocks of the nodes by the events that two " +
        "of them saw. Prints one timeline, and the faults that explain it with the lines that each rests on.\n\n" +
        "Exit code: 0 everything is explained, 2 something is not.",
    )
    .option("--alpha <files...>", "logs of alpha", logFiles("--alpha"))
    .option("--beta <files...>", "logs of beta", logFiles("--beta"))
    .option("--gamma <files...>", "logs of gamma", logFiles("--gamma"))
    .option("--pcap <file>", "capture of VRRP packets (tcpdump -w FILE ip proto 112)", readableFile("--pcap"))
    .option("--out <file>", "write the proposed scenario here", folder("--out"))
    .option("--replayed <folder>", "compare with a replay: the folder with its alpha.log", folder("--replayed"))
    .option(
      "--year <year>",
      "year of stamps without one (default: that of the file)",
      wholeNumber("--year", 1970, 2200),
    )
    .option("--json", "print the timeline as JSON")
    .addHelpText(
      "after",
      examples(
        "import --alpha alpha.json --beta beta.json.gz --gamma gamma.txt --out incident.yaml",
        "import --alpha a.log --beta b.log --gamma g.log --pcap control.pcap",
        "import --alpha a.log --beta b.log --gamma g.log --replayed evidence/incident",
      ),
    )
    .action(async ({ alpha = [], beta = [], gamma = [], json, ...flags }: ImportFlags) => {
      if (alpha.length + beta.length + gamma.length === 0)
        throw new HarnessError("usage/bad-command", "no log was given: use --alpha, --beta and --gamma");
      const { pcap, replayed, out, year } = flags;
      const options = { logs: { alpha, beta, gamma }, ...defined({ pcap, replayed, out, year }) };
      const answer = await (await context.operations()).importLogs(options, context);
      printAnswer(context, answer, json);
      context.exit(answer.exitCode);
    });
}

/** Each file once, in order. */
function logFiles(option: string): (text: string, former?: string[]) => string[] {
  const one = readableFile(option);
  return (text, former = []) => [...new Set([...former, one(resolve(text))])];
}
