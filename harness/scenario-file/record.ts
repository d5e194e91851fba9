// Writes the figures of a replay into the text of its file, and leaves the rest of the text as it is.

import type { ScenarioHead } from "./head-shape.ts";

export type ScenarioRecord = NonNullable<ScenarioHead["record"]>;

/** The text with this record in place of any earlier one; it stands before the steps. */
export function withRecord(text: string, { entries, ...figures }: ScenarioRecord): string {
  const lines = [
    "record:",
    ...Object.entries(figures).map(([name, value]) => `  ${name}: ${value}`),
    "  entries:",
    ...Object.entries(entries).map(([id, words]) => `    ${id}: ${words}`),
  ];
  const rest = text.replace(/^record:.*\n(?: .*\n)*/m, "");
  return rest.replace(/^steps:/m, `${lines.join("\n")}\nsteps:`);
}
