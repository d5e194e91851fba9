// Two streams against what two clients were told: are the same facts in both, is anything lost, is anything there twice? Pure.

import type { IdAudit } from "#protocol/commands/server.ts";
import type { Stretches } from "#protocol/commands/client.ts";

export interface Acknowledged {
  /** Ids begin with it. */
  client: string;
  numbers: Stretches;
}

export interface Comparison {
  /** Facts in each zone. */
  messages: number[];
  acknowledged: number[];
  /** Acknowledged by anybody and missing in a zone; over both zones. */
  lost: number;
  /** In a stream more than once; over both. */
  twice: number;
  /** Clients of which the two zones do not hold the same numbers. */
  apart: string[];
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
    // What is no client's is told apart, and counted as neither.
    twice: sum(
      zones.map((zone) => zone.messages - zone.strange.length - sum(Object.values(zone.byClient).map(lengthOf))),
    ),
    apart: clients.filter((client) => new Set(zones.map((zone) => textOf(zone, client))).size > 1),
  };
}

function lengthOf(stretches: Stretches): number {
  return sum(stretches.map(([first, last]) => last - first + 1));
}

/** How many numbers are in both; each list is in order. */
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
