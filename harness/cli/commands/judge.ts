// `triad judge`: verdicts on a zone that is up.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import type { CommandContext } from "#api/operations.ts";
import { folder, list, zoneName } from "../parse-option.ts";
import { examples, printOutcome } from "./options.ts";

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
