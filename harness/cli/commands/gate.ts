// `triad gate`: the release gate. Its exit code is the verdict.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import type { CommandContext } from "#api/operations.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import { parseStores, parseTier, wholeNumber } from "../parse-option.ts";
import {
  addSelection,
  addTested,
  examples,
  printOutcome,
  type SelectFlags,
  selectionOf,
  type TestedFlags,
  testedOf,
} from "./options.ts";

interface GateFlags extends SelectFlags, TestedFlags {
  repeat: number;
  tier: Tier;
  stores?: StoreKind;
}

export function addGate(program: Command, context: CommandContext): void {
  const command = program
    .command("gate")
    .summary("test a zone against the catalogue; the exit code is the verdict")
    .description(
      "Starts zones, injects the faults of the suites, and judges every catalogue entry.\n\n" +
        "Exit code: 0 all kept, 1 something broken, 2 nothing broken but something unknown, 3 the harness failed.\n" +
        "A run that --deadline or a signal ends is judged too. After a signal the exit code is 128 plus its number.",
    );
  addSelection(command)
    .option("--repeat <n>", "run every scenario n times", wholeNumber("--repeat", 1, 1_000), 1)
    .option("--tier <tier>", "durability tier of the zone: standard or critical", parseTier, "standard" as Tier)
    .option("--stores <kind>", "file system for scenarios that need their own disk: ext4, xfs or folder", parseStores);
  addTested(command)
    .addHelpText(
      "after",
      examples(
        "gate",
        "gate --only FAIL-1,alpha-isolated --repeat 3",
        "gate --suite durability --stores xfs --out /tmp/evidence",
        "gate --image node.tar --profile node.yaml",
      ),
    )
    .action(async (flags: GateFlags) => {
      const { repeat, tier, stores } = flags;
      const options = { ...selectionOf(flags), ...testedOf(flags), repeat, tier, ...defined({ stores }) };
      printOutcome(context, await (await context.operations()).gate(options, context), flags.json);
    });
}
