// REC-4: a lost zone is rebuilt from its snapshot and from its peer zone. Facts and artifacts of both sources are
// there, once each. What the zone acknowledged after the snapshot comes back from the peer's copies, at other offsets.
// What the peer acknowledged comes by the usual exchange.

import type { Operation } from "#history/operations.ts";
import { eventsOf, type HistoryView } from "#history/view.ts";
import { nodeNames, serviceNodes } from "#spec/node.ts";
import { type Checker, counted, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { effectNs, marksOf } from "../queries/history-queries.ts";
import { unlessOnTheWay } from "../storage/exchange.ts";
import { acknowledgedBy, factsAtEnd, namedArtifacts, type Zone, zonesOf } from "../storage/two-zones.ts";

export const zoneRebuilt: Checker = {
  entry: "REC-4",
  check(view) {
    const zones = zonesOf(view);
    if (!zones) return rulingOf([undecided("a lost zone is rebuilt", "the scenario has one zone")], {});
    const { own, peer } = zones;
    const periods = periodsOf(view);
    const assertions = [
      ...wasLostWhole(view),
      wasRestored(view),
      hadMore(own, periods),
      hadMore(peer, periods),
      ...[own, peer].flatMap((holder) => [
        ...[own, peer].map((source) => holdsAll(view, holder, source)),
        holdsOnce(holder),
        ...[own, peer].map((source) => holdsArtifacts(holder, source, periods)),
      ]),
    ];
    const between = acknowledgedBy(own).filter((one) => isBetween(one, periods));
    return rulingOf(assertions, {
      replayedFacts: between.length,
      fromSnapshotFacts: acknowledgedBy(own).filter((one) => one.endNs < periods.snapshotNs).length,
      peerFacts: acknowledgedBy(peer).length,
      ...(periods.joinedNs < Infinity && periods.restNs < Infinity
        ? { wholeAgainS: secondsOf(periods.restNs - periods.joinedNs) }
        : {}),
    });
  },
};

/** When the snapshot was taken, the zone was lost, the peer was connected again, and the exchange was complete. */
interface Periods {
  snapshotNs: number;
  lostNs: number;
  joinedNs: number;
  restNs: number;
}

function periodsOf(view: HistoryView): Periods {
  const peerFaults = zonesOf(view)!.peer.view.faults;
  const lostNs = Math.min(...view.faults.filter((life) => life.fault === "rebuilt").map(effectNs), Infinity);
  const rest = marksOf(view, "exchanged").at(-1)?.event;
  return {
    snapshotNs: marksOf(view, "snapshot")[0]?.event.t ?? Infinity,
    lostNs,
    joinedNs: peerFaults.find((life) => life.fault === "cut")?.phases.healed?.event.t ?? Infinity,
    restNs: rest && rest.detail?.isTimedOut !== true ? rest.t : Infinity,
  };
}

function isBetween({ invokeNs, endNs }: Operation, { snapshotNs, lostNs }: Periods): boolean {
  return invokeNs > snapshotNs && endNs < lostNs;
}

/** Every node lost its container and disks before any node came back. */
function wasLostWhole(view: HistoryView): Assertion[] {
  const says = "all three nodes were lost at once, with their disks";
  const lives = nodeNames.map((name) => view.faults.find((one) => one.fault === "rebuilt" && one.nodes.includes(name)));
  const missing = nodeNames.filter((_, place) => effectNs(lives[place]) === Infinity);
  if (missing.length > 0) return [undecided(says, `${missing.join(" and ")} was not lost`)];
  const lastLost = Math.max(...lives.map(effectNs));
  const firstBack = Math.min(...lives.map((life) => life!.phases.healing?.event.t ?? Infinity));
  if (firstBack <= lastLost) return [undecided(says, "one came back before the last was lost")];
  return [kept(says, { events: lives.map((life) => life!.phases.effective!.index) })];
}

function wasRestored(view: HistoryView): Assertion {
  const says = "the snapshot was restored into the empty zone";
  const mark = marksOf(view, "restored")[0];
  if (!mark) return undecided(says, "no restore was tried");
  const { isTimedOut, saw } = mark.event.detail ?? {};
  return isTimedOut === true ? missed(says, JSON.stringify(saw), [mark.index]) : kept(says, { events: [mark.index] });
}

/** Otherwise the peer had no fact to give back. */
function hadMore(zone: Zone, periods: Periods): Assertion {
  const says = `${zone.name} acknowledged facts between the snapshot and the loss`;
  const between = acknowledgedBy(zone).filter((one) => isBetween(one, periods));
  return between.length > 0 ? kept(says, { saw: counted(between.length, "fact") }) : undecided(says, "it did not");
}

function holdsAll(view: HistoryView, holder: Zone, source: Zone): Assertion {
  const says = `${holder.name} holds every fact that ${source.name} acknowledged, unaltered`;
  const facts = factsAtEnd(holder);
  const acknowledged = acknowledgedBy(source);
  const gone = acknowledged.filter(({ messageId }) => !facts.has(messageId!));
  const altered = acknowledged.filter(({ messageId, digest }) => {
    const found = facts.get(messageId!);
    return found !== undefined && digest !== undefined && found.digest !== digest;
  });
  const [first] = gone;
  if (first) {
    const saw = `${counted(gone.length, "fact")} of ${acknowledged.length} missing (first ${first.messageId})`;
    const there = acknowledged.filter(({ messageId }) => facts.has(messageId!));
    return unlessOnTheWay(view, missed(says, saw, [source.indexOf(first.index)]), {
      missing: gone.map(({ offset = -1 }) => offset),
      came: there.map(({ offset = -1 }) => offset),
    });
  }
  if (altered[0]) return refuted(says, `${altered[0].messageId} is altered`, [source.indexOf(altered[0].index)]);
  return acknowledged.length > 0
    ? kept(says, { saw: counted(acknowledged.length, "fact") })
    : undecided(says, `${source.name} acknowledged nothing`);
}

function holdsOnce(holder: Zone): Assertion {
  const says = `${holder.name} holds no fact twice`;
  const facts = factsAtEnd(holder);
  const twice = [...facts].filter(([, { offsets }]) => offsets.size > 1);
  const [first] = twice;
  if (first)
    return refuted(says, `${counted(twice.length, "fact")} twice (first ${first[0]})`, [
      holder.indexOf(first[1].index),
    ]);
  return facts.size > 0 ? kept(says, { saw: counted(facts.size, "fact") }) : undecided(says, "its facts were not read");
}

/** By the lists made after the exchange was complete. */
function holdsArtifacts(holder: Zone, source: Zone, { restNs }: Periods): Assertion {
  const says = `${holder.name} holds each artifact that ${source.name} acknowledged and named, at most once a node`;
  const named = namedArtifacts(source);
  const lists = eventsOf(holder.view.history, "files").filter(({ event }) => event.t > restNs);
  if (named.length === 0) return undecided(says, `${source.name} acknowledged none`);
  if (lists.length === 0) return undecided(says, "its artifacts were not listed at the end");
  for (const { key, digest, put } of named) {
    const copies = serviceNodes.map((node) => {
      const list = lists.findLast(({ event }) => event.node === node);
      return list?.event.files.filter((file) => file.digest === digest).length ?? 0;
    });
    if (copies.every((count) => count === 0))
      return missed(says, `no file there has the digest of ${key}`, [source.indexOf(put.index)]);
    if (copies.some((count) => count > 1)) return refuted(says, `${key} is there twice`, [source.indexOf(put.index)]);
  }
  return kept(says, { saw: counted(named.length, "artifact") });
}
