// How the clocks of the three nodes differ, from events that two of them saw. Each pair of lines that may be one event
// bounds the difference. The difference that most events agree with is taken (the idea of NTP's selection of clocks):
// pairs that are no event agree with nothing. Pure.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { Addresses } from "./addresses.ts";
import type { NodeLog, SeenInLog } from "./node-log.ts";
import { type Sighting, sightingsOf } from "./sightings.ts";

/** The clock of `a` minus the clock of `b`. */
export interface PairSkew {
  a: NodeName;
  b: NodeName;
  ms: number;
  /** The true difference lies at most this far from `ms`, if the clocks ran evenly. */
  withinMs: number;
  /** Events that agree. Each line counts once. */
  events: Sighting[];
}

export interface ClockSkew {
  node: NodeName;
  /** Its clock minus the clock of the first node. Undefined: no event tells, and it is taken as 0. */
  ms?: number;
  withinMs?: number;
}

export interface Alignment {
  reference: NodeName;
  clocks: ClockSkew[];
  pairs: PairSkew[];
  /** What a reader must know: an unknown clock, one that stepped, measurements that contradict each other. */
  remarks: string[];
}

export function alignClocks(logs: readonly NodeLog[], addresses: Addresses): Alignment {
  const pairs: PairSkew[] = [];
  for (const [index, a] of logs.entries())
    for (const b of logs.slice(index + 1)) {
      const skew = skewOf(a.node, b.node, sightingsOf(a, b, addresses));
      if (skew) pairs.push(skew);
    }
  const reference = logs[0]?.node ?? nodeNames[0];
  const clocks = logs.map(({ node }) => clockOf(node, reference, pairs));
  return { reference, clocks, pairs, remarks: [...remarksOnClocks(clocks, pairs), ...pairs.flatMap(stepsIn)] };
}

interface Bounds {
  loMs: number;
  hiMs: number;
}

/** The difference of two clocks by the events that both saw. */
export function skewOf(a: NodeName, b: NodeName, sightings: readonly Sighting[]): PairSkew | undefined {
  const agreed = agreedDifference(sightings);
  return agreed && { a, b, ms: agreed.ms, withinMs: agreed.withinMs, events: onceEach(agreed.agreeing) };
}

/**
 * The middle of the overlap that most bounds share, and half its width, but no less than the narrowest of them: where
 * true events lie in their bounds is not known. Undefined without bounds.
 */
export function agreedDifference<B extends Bounds>(
  bounds: readonly B[],
): { ms: number; withinMs: number; agreeing: B[] } | undefined {
  if (bounds.length === 0) return undefined;
  const best = densest(bounds);
  const ms = (best.loMs + best.hiMs) / 2;
  const agreeing = bounds.filter(({ loMs, hiMs }) => loMs <= ms && ms <= hiMs);
  const narrowest = Math.min(...agreeing.map(({ loMs, hiMs }) => (hiMs - loMs) / 2));
  return { ms, withinMs: Math.max((best.hiMs - best.loMs) / 2, narrowest), agreeing };
}

/**
 * The overlap that most events share. Among equals, the one nearest to no difference: clocks that are kept by NTP
 * agree.
 */
function densest(bounds: readonly Bounds[]): Bounds {
  const ends = bounds
    .flatMap(({ loMs, hiMs }) => [
      { atMs: loMs, step: 1 },
      { atMs: hiMs, step: -1 },
    ])
    .sort((x, y) => x.atMs - y.atMs || y.step - x.step);
  let depth = 0;
  let most = 0;
  let found = { loMs: 0, hiMs: 0 };
  for (const [index, { atMs, step }] of ends.entries()) {
    depth += step;
    if (step < 0) continue;
    const hiMs = ends[index + 1]?.atMs ?? atMs;
    const isBetter = depth > most || (depth === most && Math.abs(atMs) < Math.abs(found.loMs));
    if (!isBetter) continue;
    most = depth;
    found = { loMs: atMs, hiMs };
  }
  return found;
}

/** A line is one event: of several pairs with one line, the tightest counts. */
function onceEach(sightings: Sighting[]): Sighting[] {
  const used = new Set<SeenInLog>();
  return sightings
    .toSorted((x, y) => x.hiMs - x.loMs - (y.hiMs - y.loMs))
    .filter(({ a, b }) => {
      if (used.has(a) || used.has(b)) return false;
      used.add(a).add(b);
      return true;
    });
}

/** Directly, or by way of the third node, whichever is more exact. */
function clockOf(node: NodeName, reference: NodeName, pairs: readonly PairSkew[]): ClockSkew {
  if (node === reference) return { node, ms: 0, withinMs: 0 };
  const direct = between(node, reference, pairs);
  const ways = direct ? [direct] : [];
  for (const third of nodeNames) {
    if (third === node || third === reference) continue;
    const one = between(node, third, pairs);
    const other = between(third, reference, pairs);
    if (one && other) ways.push({ ms: one.ms + other.ms, withinMs: one.withinMs + other.withinMs });
  }
  const [best] = ways.sort((x, y) => x.withinMs - y.withinMs);
  return best ? { node, ...best } : { node };
}

function between(a: NodeName, b: NodeName, pairs: readonly PairSkew[]): { ms: number; withinMs: number } | undefined {
  const found = pairs.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
  if (!found) return undefined;
  return { ms: found.a === a ? found.ms : -found.ms, withinMs: found.withinMs };
}

/** One agreeing event may be chance. */
const eventsMin = 2;

function remarksOnClocks(clocks: readonly ClockSkew[], pairs: readonly PairSkew[]): string[] {
  const unknown = clocks
    .filter(({ ms }) => ms === undefined)
    .map(({ node }) => `no event in the logs tells the clock of ${node}: its stamps are taken as they are`);
  const weak = pairs
    .filter(({ events }) => events.length < eventsMin)
    .map(({ a, b }) => `the clocks of ${a} and ${b} are compared by one event only`);
  return [...unknown, ...weak, ...contradictions(pairs)];
}

function contradictions(pairs: readonly PairSkew[]): string[] {
  const [first, second, third] = [
    between("alpha", "beta", pairs),
    between("beta", "gamma", pairs),
    between("alpha", "gamma", pairs),
  ];
  if (!first || !second || !third) return [];
  const gap = Math.abs(first.ms + second.ms - third.ms);
  const allowed = first.withinMs + second.withinMs + third.withinMs;
  if (gap <= allowed) return [];
  return [`the three comparisons of clocks contradict each other by ${Math.round(gap)} ms: a clock may have stepped`];
}

/** Do the early and the late events tell two differences? Then a clock stepped or drifts. */
function stepsIn({ a, b, events, ms }: PairSkew): string[] {
  const times = events.map((one) => one.a.atMs);
  const spanS = (Math.max(...times) - Math.min(...times)) / 1000;
  // Quartz drifts by up to 50 millionths.
  const driftMs = spanS * 0.05;
  const largest = Math.max(...events.map(({ loMs, hiMs }) => (hiMs - loMs) / 2));
  if (driftMs <= largest) return [];
  return [
    `the logs cover ${Math.round(spanS / 60)} min: without NTP the clocks of ${a} and ${b} may drift by ${Math.round(driftMs)} ms over it (they differ by ${Math.round(ms)} ms in the middle)`,
  ];
}
