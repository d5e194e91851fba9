// Events that two nodes saw, with bounds on how far apart they truly were. They tell how two clocks differ. Pure.

import type { NodeName } from "#spec/node.ts";
import type { Addresses } from "./addresses.ts";
import type { SeenInLog } from "./node-log.ts";
import type { SignKind, SignOf } from "./sign.ts";

/** The clock of A minus the clock of B, by one event: between `loMs` and `hiMs`. */
export interface Sighting {
  loMs: number;
  hiMs: number;
  a: SeenInLog;
  b: SeenInLog;
  /** In words: what both saw. */
  what: string;
}

interface PairRule<A extends SignKind, B extends SignKind> {
  what: string;
  a: A;
  b: B;
  /** A and B are alike: the rule is applied once, not in both directions. */
  isSymmetric?: true;
  /** True time at A minus true time at B, in milliseconds. */
  delayMs: readonly [number, number];
  matches(a: SignOf<A>, b: SignOf<B>, names: Names): boolean;
}

interface Names {
  a: NodeName;
  b: NodeName;
  addresses: Addresses;
}

const isA = (address: string, { a, addresses }: Names): boolean => (addresses.get(address) ?? a) === a;
const isB = (address: string, { b, addresses }: Names): boolean => (addresses.get(address) ?? b) === b;

const rule = <A extends SignKind, B extends SignKind>(pair: PairRule<A, B>): PairRule<A, B> => pair;

/**
 * Delays: a log line of a busy node reaches its log some milliseconds late, and a container's log up to a few hundred.
 * Both ends of a connection write their line when they handle its end, within a few milliseconds.
 */
const rules = [
  rule({
    what: "VRRP: one entered MASTER, the other heard its first advert",
    a: "master",
    b: "master-is",
    delayMs: [-40, 20],
    matches: (_, heard, names) => isA(heard.address, names),
  }),
  rule({
    what: "VRRP: an advert of priority 0, sent and heard",
    a: "priority-zero",
    b: "priority-zero",
    delayMs: [-40, 20],
    matches: (sent, heard) => sent.way === "sent" && heard.way === "heard",
  }),
  rule({
    what: "nats-server: both ends dropped the same duplicate route",
    a: "route-closed",
    b: "route-closed",
    isSymmetric: true,
    delayMs: [-15, 15],
    matches: (a, b, names) =>
      a.why === "Duplicate Route" && b.why === "Duplicate Route" && isB(a.address, names) && isA(b.address, names),
  }),
  rule({
    what: "nats-server: both ends saw the route begin",
    a: "route-created",
    b: "route-created",
    isSymmetric: true,
    delayMs: [-15, 15],
    matches: (a, b, names) => isB(a.address, names) && isA(b.address, names),
  }),
  rule({
    what: "nats-server: one was elected, the other followed it",
    a: "meta-leader",
    b: "meta-leader",
    delayMs: [-30, 60],
    matches: (a, b) => a.name !== "self" && b.name === "self",
  }),
  rule({
    what: "nats-server: both followed a new leader",
    a: "meta-leader",
    b: "meta-leader",
    isSymmetric: true,
    delayMs: [-60, 60],
    matches: (a, b) => a.name !== "self" && a.name === b.name,
  }),
] as readonly PairRule<SignKind, SignKind>[];

/** Events further apart than this on the two clocks are not taken for one. */
export const skewMaxMs = 26 * 3_600_000;

/** Of one rule. A quarter of a million pairs are enough for every log, and take a second. */
const eventsMax = 500;

interface SignsOfNode {
  node: NodeName;
  seen: readonly SeenInLog[];
}

/**
 * Every pair of lines of A and B that may be one event. Wrong pairs are among them; the clock that most agree on wins.
 */
export function sightingsOf(a: SignsOfNode, b: SignsOfNode, addresses: Addresses): Sighting[] {
  const found: Sighting[] = [];
  for (const one of rules) {
    found.push(...pairsOf(one, [a, b], addresses));
    if (!one.isSymmetric) found.push(...pairsOf(one, [b, a], addresses).map(turned));
  }
  return found;
}

const turned = ({ loMs, hiMs, a, b, what }: Sighting): Sighting => ({ loMs: -hiMs, hiMs: -loMs, a: b, b: a, what });

function pairsOf(
  one: PairRule<SignKind, SignKind>,
  [a, b]: readonly [SignsOfNode, SignsOfNode],
  addresses: Addresses,
): Sighting[] {
  const ofA = a.seen.filter(({ sign }) => sign.kind === one.a).slice(-eventsMax);
  const ofB = b.seen.filter(({ sign }) => sign.kind === one.b).slice(-eventsMax);
  const names = { a: a.node, b: b.node, addresses };
  const [early, late] = one.delayMs;
  return ofA.flatMap((x) =>
    ofB
      .filter((y) => Math.abs(x.atMs - y.atMs) <= skewMaxMs && one.matches(x.sign, y.sign, names))
      .map((y) => ({
        loMs: x.atMs - y.atMs - late - y.precisionMs,
        hiMs: x.atMs - y.atMs - early + x.precisionMs,
        a: x,
        b: y,
        what: one.what,
      })),
  );
}
