// `triad judge` and `triad save-scenario`: verdicts on a zone that is up, and what was done to it as a scenario file.

import { resolve } from "node:path";
import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import { folder, list, zoneName } from "../parse-option.ts";
import { addZoneFlag, examples, printAnswer, printOutcome, zoneOf } from "./options.ts";

interface JudgeFlags {
  only?: string[];
  out?: string;
  json?: true;
}

export function addJudge(program: Command, context: CommandContext): void {
  program
    .command("judge")
    .summary("judge what happened so far in a zone that is up")
    .description(
      "Judges what happened in a zone since `triad up`, and writes an evidence folder with the usual reports. First it " +
        "waits until a takeover or a returned node had its time, stops the load for a moment, and reads the facts back. " +
        "The zone goes on.\n\nAn entry that needs faults or steps that did not happen is unknown, with that reason. " +
        "Exit code: as for gate.",
    )
    .argument("[zone]", "which zone (default: the only one that is up)", zoneName("zone name"))
    .option("--only <entries...>", "judge only these entries, by id or slug (see: triad list entries)", list("--only"))
    .option("--out <folder>", "evidence folder (default: a new one under evidence/)", folder("--out"))
    .option("--json", "print the outcome as JSON")
    .addHelpText("after", examples("judge", "judge second --out /tmp/evidence", "judge --only DUAL-0,FAIL-1"))
    .action(async (zone: string | undefined, { only, out, json }: JudgeFlags) => {
      const options = { only: only ?? [], ...defined({ zone, out }) };
      printOutcome(context, await (await context.operations()).judge(options, context), json);
    });
}

export function addSaveScenario(program: Command, context: CommandContext): void {
  const command = program
    .command("save-scenario")
    .summary("save what was done to a zone as a scenario file")
    .description(
      "Writes the faults that were done by hand in a zone, with their times, as a scenario file. `triad replay` does " +
        "them again. What the last `triad judge` found is what the file expects. Programs that `triad exec` ran are " +
        "named in a comment and not replayed.",
    )
    .argument("<file>", "a new file, such as incident.yaml", scenarioPath);
  addZoneFlag(command)
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples("save-scenario incident.yaml", "save-scenario incident.yaml --zone second"))
    .action(async (file: string, flags: ZoneChoice & { json?: true }) => {
      const answer = await (await context.operations()).saveScenario({ file, ...zoneOf(flags) }, context);
      printAnswer(context, answer, flags.json);
    });
}

function scenarioPath(text: string): string {
  if (/(?:^|\/)[a-z0-9][a-z0-9-]{0,79}[.]ya?ml$/.test(text)) return resolve(text);
  throw new HarnessError("usage/bad-value", `the file is "${text}"`, {
    expected: "1 to 80 of a-z, 0-9 and -, and .yaml: the name of the file names the scenario",
  });
}
