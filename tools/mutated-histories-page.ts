// docs/mutated-histories.md: every change of recorded histories, by kind, with the entries that must find it. Pure: the
// registry in, Markdown out.

import { type Change, kinds } from "../harness/mutations/change.ts";

export function mutatedHistoriesPage(changes: readonly Change[]): string {
  const sections = Object.entries(kinds).map(([kind, says]) => {
    const rows = changes.filter((change) => change.kind === kind).map(row);
    return `## ${says}\n\n| change | what is wrong | found by |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
  const intro =
    "`./triad prove --histories` takes recorded histories of right zones (`fixtures/recorded`) and changes each one as a wrong\n" +
    "zone would have left it. No Docker is needed. Each entry that a change names must become broken or unknown. An entry\n" +
    "that stays kept misses the change, and the command ends with 1. `fixtures/known-misses.yaml` lists the misses that wait for a rule.\n\n" +
    `There are ${changes.length} changes. Each one is tried at every node, time and row of every history in which it makes sense.\n` +
    '"Everywhere" means: also in scenarios that do not decide the entry today.';
  return `${intro}\n\n${sections.join("\n\n")}\n`;
}

function row({ name, says, turns, everywhere = [] }: Change): string {
  const named = turns === "all" ? ["every entry of the scenario"] : turns;
  const found = [...named, ...everywhere.map((entry) => `${entry} everywhere`)];
  const cells = [`\`${name}\``, says, found.join(", ") || "the entry of its node or fault"];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
