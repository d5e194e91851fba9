// Anchors on the page: a verdict links to its finding, and a finding to its events. No link leaves the page.

import { escaped } from "../escape.ts";

interface Run {
  scenario: string;
  repeat: number;
}

/** The section of a scenario. */
export function scenarioAnchor({ scenario, repeat }: Run): string {
  return plain(`s-${scenario}-${repeat}`);
}

/** The finding of one scenario on one entry. */
export function findingAnchor(run: Run, entry: string): string {
  return plain(`${scenarioAnchor(run)}-${entry}`);
}

/** An event of a scenario, by its index in the history. */
export function eventAnchor(run: Run, index: number): string {
  return `${scenarioAnchor(run)}-e${index}`;
}

/** The row of an entry in the verdict table. */
export function entryAnchor(entry: string): string {
  return plain(`v-${entry}`);
}

export function link(anchor: string, words: string): string {
  return `<a href="#${anchor}">${escaped(words)}</a>`;
}

/** Only letters, digits and dashes. */
function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/g, "_");
}
