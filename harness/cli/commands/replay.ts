// `triad replay`: runs scenario files, such as an incident from the field, and counts how often each entry holds.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { CommandContext } from "#api/operations.ts";
import { openStepTerminal } from "../step-terminal.ts";
import { folder, list, wholeNumber } from "../parse-option.ts";
import { addTested, examples, printOutcome, seedMax, type TestedFlags, testedOf } from "./options.ts";

interface ReplayFlags extends TestedFlags {
  repeat?: number;
  untilBroken?: true | number;
  only?: string[];
  jobs?: number;
  out?: string;
  seed?: number;
  record?: true;
  step?: true;
  json?: true;
}

/** Runs of `--until-broken` without a number of its own. */
const untilMax = 50;

export function addReplay(program: Command, context: CommandContext): void {
  const command = program
    .command("replay")
    .summary("run scenario files, such as an incident from the field")
    .description(
      "Runs each scenario file on real zones and judges it. Says of each entry in how many runs it was kept or broken, " +
        "with the 95% interval of that share. A file that is wrong is refused before anything starts.\n\n" +
        "Exit code: as for gate. The evidence folder holds the files, and triad check judges it again.",
    )
    .argument("<files...>", "scenario files (docs/scenario-files.md)")
    .option("--repeat <n>", "run every file n times (default: 1)", wholeNumber("--repeat", 1, 1_000))
    .option(
      "--until-broken [n]",
      `run until an entry is broken, at most n times (default: ${untilMax}); keeps the evidence of the last run`,
      wholeNumber("--until-broken", 1, 1_000),
    )
    .option("--only <entries>", "judge only these entries, by id or slug", list("--only"))
    .option("--jobs <n>", "zones at a time (default: as many as the machine carries)", wholeNumber("--jobs", 1, 64))
    .option("--out <folder>", "evidence folder, new or empty (default: a new one under evidence/)", folder("--out"))
    .option("--seed <n>", "repeat the run that printed this seed", wholeNumber("--seed", 0, seedMax));
  addTested(command)
    .option("--step", "stop before each step and ask: continue, skip, fault NAME, quit; shows the zone in between")
    .option("--record", "write the figures into the files, for docs/track-record.md")
    .option("--json", "print the outcome as JSON")
    .addHelpText(
      "after",
      examples(
        "replay fixtures/incidents/keepalived-killed-storage-broken.yaml --repeat 10",
        "replay incident.yaml --until-broken --out /tmp/evidence",
      ),
    )
    .action(async (files: string[], flags: ReplayFlags) => {
      const { repeat = 1, untilBroken, only = [], record, step, json, jobs, out, seed } = flags;
      if (step) refuseMany(files, flags);
      using terminal = step ? openStepTerminal(context) : undefined;
      const options = {
        files,
        only,
        repeat: untilBroken === undefined ? repeat : untilBroken === true ? untilMax : untilBroken,
        isUntilBroken: untilBroken !== undefined,
        isRecorded: record === true,
        ...testedOf(flags),
        ...defined({ jobs: step ? 1 : jobs, out, seed, terminal }),
      };
      printOutcome(context, await (await context.operations()).replay(options, context), json);
    });
}

/** @throws HarnessError `usage/bad-value`: a person walks through one run of one file. */
function refuseMany(files: readonly string[], { repeat = 1, untilBroken, record }: ReplayFlags): void {
  if (files.length === 1 && repeat === 1 && untilBroken === undefined && !record) return;
  throw new HarnessError("usage/bad-value", "--step walks through one run of one file", {
    expected: "one file, without --repeat, --until-broken and --record",
  });
}
