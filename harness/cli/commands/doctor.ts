// `triad doctor`: says what this machine lacks and what to do about it, before a run finds out the long way.

import type { Command } from "commander";
import { examples } from "./options.ts";
import type { Door } from "#api/api.ts";
import { gatherFacts } from "../doctor-facts.ts";
import { type Check, checksOf, isFit } from "../doctor.ts";

export function addDoctor(program: Command, door: Door): void {
  program
    .command("doctor")
    .summary("look at this machine and say what is missing")
    .description("Exit 0 when a run is possible, 3 when something it needs is missing.")
    .option("--json", "print the checks as JSON")
    .addHelpText("after", examples("doctor"))
    .action(async (flags: { json?: true }) => {
      const checks = checksOf(await gatherFacts(async () => (await door.triad()).daemon()));
      const fit = isFit(checks);
      if (flags.json) door.print(JSON.stringify({ format: "triad-doctor/1", isFit: fit, checks }));
      else
        door.print(
          [...checks.flatMap(linesOf), fit ? "this machine can run a gate" : "this machine cannot run a gate yet"].join(
            "\n",
          ),
        );
      door.exit(fit ? 0 : 3);
    });
}

function linesOf(check: Check): string[] {
  const mark = check.isOk ? "ok   " : check.isNeeded ? "NEEDS" : "lacks";
  const head = `${mark}  ${check.name.padEnd(11)}${check.found}`;
  return check.isOk ? [head] : [head, `       why:   ${check.matters}`, `       to do: ${check.remedy}`];
}
