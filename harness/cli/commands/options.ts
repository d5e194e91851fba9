// Shared by the commands: flags that several of them have, examples in help texts, and how an answer is printed.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import type { Answer, Outcome } from "#api/answers.ts";
import type { CommandContext } from "#api/operations.ts";
import type { SelectOptions, TestedOptions } from "#api/run-options.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import type { NodeName } from "#spec/node.ts";
import {
  controllerHelp,
  controllerImage,
  folder,
  imageHelp,
  list,
  natsServer,
  nodeImages,
  profileHelp,
  readableFile,
  serverHelp,
  wholeNumber,
  zoneName,
} from "../parse-option.ts";

/** Seeds are unsigned 32-bit numbers, as #base/random.ts takes them. */
export const seedMax = 2 ** 32 - 1;

/** Flags of addSelection as commander delivers them. A flag that was not given has no key. */
export interface SelectFlags {
  suite?: string[];
  only?: string[];
  jobs?: number;
  out?: string;
  seed?: number;
  json?: true;
}

const entriesHelp = "run only these entries, by id or slug (see: triad list entries)";

export function addSelection(command: Command, onlyHelp: string = entriesHelp): Command {
  return command
    .option("--suite <names...>", "run only these suites (see: triad list suites)", list("--suite"))
    .option("--only <entries...>", onlyHelp, list("--only"))
    .option("--jobs <n>", "zones at a time (default: adapts to the load of the machine)", wholeNumber("--jobs", 1, 64))
    .option("--out <folder>", "evidence folder (default: a new one under evidence/)", folder("--out"))
    .option(
      "--seed <n>",
      "repeat the run that printed this seed (give its other options too)",
      wholeNumber("--seed", 0, seedMax),
    )
    .option("--json", "print the outcome as JSON");
}

export function selectionOf({ suite, only, jobs, out, seed }: SelectFlags): SelectOptions {
  return { suites: suite ?? [], only: only ?? [], ...defined({ jobs, out, seed }) };
}

/** Flags of addTested as commander delivers them. */
export interface TestedFlags {
  profile?: string;
  natsServer?: string;
  controller?: string;
  image?: Record<NodeName, string>;
  deadline?: number;
  keep?: true;
}

/** What the zones of a run are made of, and when it ends. */
export function addTested(command: Command): Command {
  return command
    .option("--profile <file>", profileHelp, readableFile("--profile"))
    .option("--image <image>", imageHelp, nodeImages)
    .option("--nats-server <server>", serverHelp, natsServer)
    .option("--controller <image>", controllerHelp, controllerImage)
    .option(
      "--deadline <s>",
      "end the run after s seconds; what did not run by then is unknown",
      wholeNumber("--deadline", 1, 86_400),
    )
    .option("--keep", "leave a zone running when it broke a promise, so that you can look inside");
}

export function testedOf({
  profile,
  natsServer: server,
  controller,
  image,
  deadline,
  keep,
}: TestedFlags): TestedOptions {
  const given = { profile, natsServer: server, controller, image, deadlineS: deadline };
  return { isKept: keep === true, ...defined(given) };
}

export function addZoneFlag(command: Command): Command {
  return command.option("--zone <name>", "which zone (default: the only one that is up)", zoneName("--zone"));
}

/** The flag as a field; absent when it was not given. */
export function zoneOf({ zone }: ZoneChoice): ZoneChoice {
  return defined({ zone });
}

/** Help text with one runnable example per line. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ./triad ${line}`).join("\n")}`;
}

export function printOutcome(context: CommandContext, outcome: Outcome, isJson: boolean | undefined): void {
  context.print(isJson ? JSON.stringify({ format: "triad-outcome/1", ...outcome }) : outcome.summary);
  context.exit(outcome.exitCode);
}

export function printAnswer(context: CommandContext, answer: Answer, isJson: boolean | undefined): void {
  context.print(isJson ? JSON.stringify(answer.data) : answer.summary);
}
