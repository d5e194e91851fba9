// Compares two streams with what two clients got acknowledged: lost facts, duplicates, and differences between the
// streams. Pure.

import type { IdAudit } from "#protocol/commands/server.ts";
import type { Stretches } from "#protocol/commands/client.ts";

export interface Acknowledged {
  /** Prefix of its ids. */
  client: string;
  numbers: Stretches;
}

export interface Comparison {
  /** Facts in each zone. */
  messages: number[];
  acknowledged: number[];
  /** Acknowledged and missing in a zone, summed over both zones. */
  lost: number;
  /** More than once in a stream, summed over both. */
  twice: number;
  /** Clients whose facts differ between the two zones. */
  differing: string[];
}

export function compareIdAudits(zones: readonly IdAudit[], told: readonly Acknowledged[]): Comparison {
  const lost = zones.flatMap(({ byClient }) =>
    told.map(({ client, numbers }) => lengthOf(numbers) - overlap(numbers, byClient[client] ?? [])),
  );
  const clients = [...new Set(zones.flatMap(({ byClient }) => Object.keys(byClient)))];
  const textOf = (zone: IdAudit, client: string) => JSON.stringify(zone.byClient[client] ?? []);
  return {
    messages: zones.map((zone) => zone.messages),
    acknowledged: told.map(({ numbers }) => lengthOf(numbers)),
    lost: sum(lost),
    // Ids that belong to no known client do not count.
    twice: sum(
      zones.map((zone) => zone.messages - zone.strange.length - sum(Object.values(zone.byClient).map(lengthOf))),
    ),
    differing: clients.filter((client) => new Set(zones.map((zone) => textOf(zone, client))).size > 1),
  };
}

function lengthOf(stretches: Stretches): number {
  return sum(stretches.map(([first, last]) => last - first + 1));
}

/** How many numbers are in both. Each list is sorted. */
function overlap(one: Stretches, other: Stretches): number {
  let common = 0;
  let at = 0;
  for (const [first, last] of one) {
    while (at < other.length && other[at]![1] < first) at += 1;
    for (let next = at; next < other.length && other[next]![0] <= last; next += 1)
      common += Math.min(last, other[next]![1]) - Math.max(first, other[next]![0]) + 1;
  }
  return common;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
