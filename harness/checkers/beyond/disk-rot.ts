// ROT-1 and ROT-2, beyond the pattern: a block of one replica is damaged. Does each replica, as the leader, still serve
// every fact acknowledged before, unaltered? Do the replicas agree? Observations: they do not change the exit code.

import { appendWord, none } from "#history/event-table.ts";
import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Checker, counted, type Ruling } from "../checker.ts";
import { marksOf, touchNs } from "../queries/history-queries.ts";

/** What one replica served as the leader: the numbers of message id and digest, by offset. */
interface Reading {
  leader: NodeName;
  index: number;
  byOffset: Map<number, { id: number; digest: number }>;
}

interface Acknowledged {
  offset: number;
  id: number;
  digest: number;
  index: number;
}

function rotChecker(entry: string): Checker {
  return { entry, check: (view) => observe(view) };
}

export const bitFlip = rotChecker("ROT-1");
export const tailCut = rotChecker("ROT-2");

function observe(view: HistoryView): Ruling {
  const rot = view.faults.find((life) => life.fault === "rot");
  if (!rot) return unknown("no block was damaged", {});
  const facts = acknowledgedBefore(view, touchNs(rot));
  const readings = readingsOf(view);
  const [rotted] = rot.nodes;
  const measured: Figures = { rotted, acknowledgedBefore: facts.length };
  const final = finalReading(view);
  const lostAtEnd = final ? facts.filter(({ offset }) => !final.has(offset)).length : null;
  measured.lostAtEnd = lostAtEnd;
  const wrong: number[] = [];
  for (const reading of readings) {
    const gone = facts.filter(({ offset }) => !reading.byOffset.has(offset));
    const altered = facts.filter((fact) => isOther(reading.byOffset.get(fact.offset), fact));
    measured[`lostServedBy${titled(reading.leader)}`] = gone.length;
    measured[`alteredServedBy${titled(reading.leader)}`] = altered.length;
    if (gone.length + altered.length > 0)
      wrong.push(reading.index, ...[...gone, ...altered].slice(0, 2).map((one) => one.index));
  }
  const differing = facts.filter(({ offset }) => doDiffer(readings, offset)).length;
  measured.differing = differing;
  if (facts.length === 0) return unknown("no fact was acknowledged before the damage", measured);
  const lost = Math.max(
    0,
    lostAtEnd ?? 0,
    ...nodeNames.map((node) => Number(measured[`lostServedBy${titled(node)}`] ?? 0)),
  );
  if (lost > 0 || differing > 0 || wrong.length > 0) {
    const because =
      `of ${counted(facts.length, "fact")} acknowledged before the damage up to ${lost} were not served by a replica that led, ` +
      `${differing} differed between replicas, ${lostAtEnd ?? "an unknown number"} were gone at the end`;
    return { verdict: "broken", because, measured, events: wrong.slice(0, 6), rests: "seen" };
  }
  const silent = nodeNames.filter((node) => !readings.some(({ leader }) => leader === node));
  if (silent.length > 0) return unknown(`${silent.join(" and ")} could not be read separately`, measured);
  if (!final) return unknown("the stream was never read back at the end", measured);
  const because = `each replica, as the leader, served each of ${counted(facts.length, "fact")} acknowledged before the damage, unaltered`;
  return { verdict: "kept", because, measured, events: readings.map(({ index }) => index), rests: "seen" };
}

function acknowledgedBefore({ table, operations }: HistoryView, untilNs: number): Acknowledged[] {
  const facts = new Map<number, Acknowledged>();
  for (let place = 0; place < operations.length; place += 1) {
    const operation = operations.at(place)!;
    const isAppend = table.calls.f[operations.invoked.at(place)] === appendWord;
    if (!isAppend || operation.outcome !== "ok" || operation.endNs >= untilNs || operation.offset === undefined)
      continue;
    const [id, digest] = [operations.idOf(place), operations.digestOf(place)];
    facts.set(operation.offset, { offset: operation.offset, id, digest, index: operation.index });
  }
  return [...facts.values()];
}

function readingsOf(view: HistoryView): Reading[] {
  const marks = marksOf(view, "read-back");
  return marks.flatMap(({ event, index }, place) => {
    const { leader, isReadable } = event.detail;
    if (!leader || !isReadable) return [];
    return [{ leader, index, byOffset: storedBetween(view, marks[place - 1]?.index ?? 0, index) }];
  });
}

/** The audit at the end of the scenario. It reads from the leader, as the VIP's clients do. */
function finalReading(view: HistoryView): Map<number, { id: number; digest: number }> | undefined {
  const stopped = marksOf(view, "load-stopped")[0];
  const audited = marksOf(view, "audited")[0];
  return stopped && audited ? storedBetween(view, stopped.index, audited.index) : undefined;
}

function storedBetween({ table }: HistoryView, from: number, to: number): Map<number, { id: number; digest: number }> {
  const byOffset = new Map<number, { id: number; digest: number }>();
  for (let index = from; index < to; index += 1) {
    if (table.kindAt(index) !== "stored") continue;
    const row = table.placeAt(index);
    const { offset, id, digest } = table.stored;
    byOffset.set(offset.at(row), { id: id.at(row), digest: digest.at(row) });
  }
  return byOffset;
}

function isOther(served: { id: number; digest: number } | undefined, fact: Acknowledged): boolean {
  if (served === undefined) return false;
  return served.id !== fact.id || (fact.digest !== none && served.digest !== fact.digest);
}

function doDiffer(readings: readonly Reading[], offset: number): boolean {
  const served = readings.map(({ byOffset }) => byOffset.get(offset));
  return served.some((one) => one?.id !== served[0]?.id || one?.digest !== served[0]?.digest);
}

function titled(node: NodeName): string {
  return node[0]!.toUpperCase() + node.slice(1);
}

function unknown(because: string, measured: Figures): Ruling {
  return { verdict: "unknown", because, measured, events: [], rests: "absent" };
}
