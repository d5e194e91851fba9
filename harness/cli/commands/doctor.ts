// `triad doctor`: whether this machine can run a gate, and what to do when it cannot.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import type { Check } from "../doctor/check.ts";
import { checksOf, isFit } from "../doctor/checks.ts";
import { gatherFacts } from "../doctor/gather-facts.ts";
import { examples } from "./options.ts";

export function addDoctor(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .summary("check what this machine can run")
    .description(
      "Checks what this machine can run and says how to fix what is missing. The checks change nothing. Only the " +
        "launcher installs the locked packages, before any command.\n\n" +
        "Exit code: 0 when a gate can run, 3 when it cannot.",
    )
    .option("--json", "print the checks as JSON")
    .addHelpText("after", examples("doctor", "doctor --json"))
    .action(async (flags: { json?: true }) => {
      const checks = checksOf(await gatherFacts(async () => (await context.operations()).daemon()));
      const fit = isFit(checks);
      const verdict = fit ? "This machine can run a gate." : "This machine cannot run a gate yet.";
      if (flags.json) context.print(JSON.stringify({ format: "triad-doctor/1", isFit: fit, checks }));
      else context.print([...checks.flatMap(linesOf), verdict].join("\n"));
      context.exit(fit ? 0 : 3);
    });
}

function linesOf(check: Check): string[] {
  const mark = check.isOk ? "ok     " : check.isNeeded ? "MISSING" : "warning";
  const head = `${mark}  ${check.name.padEnd(11)}${check.found}`;
  return check.isOk ? [head] : [head, `         why:   ${check.matters}`, `         to do: ${check.remedy}`];
}
