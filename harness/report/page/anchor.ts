// Names of places on the page, so that a verdict can lead to the finding and the finding to its events. No link leaves the page.

import { escaped } from "../escape.ts";

interface Run {
  scenario: string;
  repeat: number;
}

/** A scenario's fold. */
export function scenarioAnchor({ scenario, repeat }: Run): string {
  return plain(`s-${scenario}-${repeat}`);
}

/** What one scenario found of one entry. */
export function findingAnchor(run: Run, entry: string): string {
  return plain(`${scenarioAnchor(run)}-${entry}`);
}

/** An event in a scenario's list, by its index in the history. */
export function eventAnchor(run: Run, index: number): string {
  return `${scenarioAnchor(run)}-e${index}`;
}

/** An entry's row among the verdicts. */
export function entryAnchor(entry: string): string {
  return plain(`v-${entry}`);
}

export function link(anchor: string, words: string): string {
  return `<a href="#${anchor}">${escaped(words)}</a>`;
}

/** Letters, digits and dashes only, whatever a history calls itself. */
function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/g, "_");
}
