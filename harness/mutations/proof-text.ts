// The result of `prove --histories` for people and for programs, and the table of docs/mutated-histories.md.

import { kinds, type Kind } from "./change.ts";
import type { HistoriesProof, Pair } from "./prove-histories.ts";

/** All pairs of one change and one entry. */
interface Group {
  change: string;
  entry: string;
  kind: Kind;
  says: string;
  pairs: Pair[];
  missed: Pair[];
}

function groupsOf(pairs: readonly Pair[]): Group[] {
  return [...Map.groupBy(pairs, ({ change, entry }) => `${change} ${entry}`).values()].map((of) => {
    const { change, entry, kind, says } = of[0]!;
    return { change, entry, kind, says, pairs: of, missed: of.filter(({ outcome }) => outcome === "missed") };
  });
}

function counts(pairs: readonly Pair[]) {
  const count = (outcome: Pair["outcome"]) => pairs.filter((pair) => pair.outcome === outcome).length;
  return { pairs: pairs.length, broken: count("broken"), unknown: count("unknown"), missed: count("missed") };
}

/** The misses first, one line each, grouped by kind; then the totals. */
export function proofSummary(proof: HistoriesProof): string {
  const groups = groupsOf(proof.pairs);
  const missed = groups.filter((group) => group.missed.length > 0);
  const isNew = (group: Group) => group.missed.some((pair) => proof.unknownMisses.includes(pair));
  const lines = [...Map.groupBy(missed, ({ kind }) => kind)].flatMap(([kind, of]) => [
    `${kind}: ${kinds[kind]}`,
    ...of.flatMap((group) => missText(group, isNew(group))),
  ]);
  const stale = proof.stale.map(
    ({ change, entry }) => `not missed any more: ${change} by ${entry}; remove it from fixtures/known-misses.yaml`,
  );
  const { pairs, broken, unknown } = counts(proof.pairs);
  const changes = new Set(proof.pairs.map(({ change }) => change)).size;
  const totals = [
    `${changes} changes, ${groups.length} pairs of a change and an entry, tried at ${pairs} places`,
    `${broken} broken, ${unknown} unknown, ${pairs - broken - unknown} missed`,
    `${groups.length - missed.length} pairs found at every place, ${missed.length} missed at one or more, ${missed.filter(isNew).length} of them not known`,
  ];
  return [...lines, ...stale, ...totals].join("\n");
}

function missText({ change, entry, says, pairs, missed }: Group, isNew: boolean): string[] {
  const [first] = missed;
  const others = [...new Set(missed.flatMap(({ foundBy }) => foundBy))];
  return [
    `  ${isNew ? "MISSED" : "known "} ${entry.padEnd(7)} ${change}, ${missed.length} of ${pairs.length} places: ${says}`,
    `         ${first!.recording}, ${first!.at}: ${first!.because}`,
    ...(others.length > 0 ? [`         found by ${others.join(", ")}`] : []),
  ];
}

/** Plain data: totals, and every pair of a change and an entry with the places at which it is missed. */
export function proofData(proof: HistoriesProof) {
  return {
    format: "triad-changed-histories/1",
    ...counts(proof.pairs),
    groups: groupsOf(proof.pairs).map(({ change, entry, kind, says, pairs, missed }) => ({
      change,
      entry,
      kind,
      says,
      ...counts(pairs),
      isKnown: missed.length > 0 && !missed.some((pair) => proof.unknownMisses.includes(pair)),
      missedAt: missed.map(({ recording, scenario, at, because, foundBy }) => ({
        recording,
        scenario,
        at,
        because,
        foundBy,
      })),
    })),
    stale: proof.stale,
  };
}
