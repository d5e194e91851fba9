// The order of scenarios. Those that need a new zone come first; the others share the zones that are up by then. Among
// each the longest comes first. So at the end every lane has short scenarios left, and no zone to start. Pure.

import { lengthS } from "#spec/scenario-length.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";

/** A scenario in the queue, and the zone that it needs. `planned` is the caller's name for it. */
export interface Waiting<T> {
  planned: T;
  scenario: ScenarioSpec;
  zone: ZoneSpec;
}

export function inOrder<T>(waiting: readonly Waiting<T>[]): T[] {
  const common = mostCommon(waiting.map(({ zone }) => keyOf(zone)));
  const startsZone = ({ scenario, zone }: Waiting<T>) => scenario.start !== undefined || keyOf(zone) !== common;
  const rank = (one: Waiting<T>) => (startsZone(one) ? 0 : 1);
  return waiting
    .toSorted((a, b) => rank(a) - rank(b) || lengthS(b.scenario) - lengthS(a.scenario))
    .map(({ planned }) => planned);
}

function keyOf(zone: ZoneSpec): string {
  return JSON.stringify(zone);
}

function mostCommon(keys: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
