// DUR-6: every acknowledged fact is in the stream once the zone has healed: at its offset, with its payload, once.
// One pass over the stored messages and one over the operations; memory linear in facts. A timeout may have
// happened or not, so an `info` decides nothing.

import type { Operation } from "#history/operations.ts";
import { eventsOf, type HistoryView, markOf } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import { type Checker, counted, type Ruling } from "./checker.ts";
import { marksOf } from "./scene.ts";

interface Stored {
  offset: number;
  digest: string;
  index: number;
}

interface Audit {
  stored: Map<string, Stored>;
  /** Message ids found at two offsets, with the index of the second. */
  duplicates: { messageId: string; index: number }[];
  offsets: number;
}

interface Comparison {
  acknowledged: number;
  lost: Operation[];
  altered: Operation[];
  moved: Operation[];
  unverifiable: number;
  infoStored: number;
  infoAbsent: number;
  failStored: number;
}

export const acknowledgedFacts: Checker = {
  entry: "DUR-6",
  check(view) {
    const audited = markOf(view, "audited");
    const audit = readAudit(view);
    const seen = compare(view, audit.stored);
    const measured = figuresOf(seen, audit);
    if (!audited) return unknown("the stream was never read back", measured);
    const told = audited.event.detail?.["messages"];
    if (typeof told === "number" && told !== audit.offsets)
      return unknown(`the audit read ${told} messages and ${audit.offsets} were written down`, measured);
    if (seen.acknowledged === 0) return unknown("no fact was acknowledged", measured);
    const unreadable = marksOf(view, "read-back").find(({ event }) => event.detail?.["isReadable"] === false);
    if (unreadable) {
      const because = `the facts could not be read back while a node was lost: ${JSON.stringify(unreadable.event.detail?.["saw"] ?? "no answer")}`;
      return { verdict: "broken", because, measured, events: [unreadable.index], rests: "absent" };
    }
    const wrong = brokenBy(seen, audit);
    // An audit that had trouble may have missed facts; a fact missing from a whole audit is a fact lost.
    const rests = eventsOf(view.history, "trouble").length > 0 ? "absent" : "seen";
    if (wrong) return { verdict: "broken", ...wrong, measured, rests };
    if (seen.unverifiable > 0)
      return unknown(`${counted(seen.unverifiable, "fact")} carried no digest to compare`, measured);
    const because = `each of ${counted(seen.acknowledged, "acknowledged fact")} was read back once, at its offset and unaltered`;
    return { verdict: "kept", because, measured, events: [audited.index], rests: "seen" };
  },
};

function readAudit(view: HistoryView): Audit {
  const stored = new Map<string, Stored>();
  const duplicates: Audit["duplicates"] = [];
  const offsets = new Set<number>();
  const sinceIndex = auditIndex(view);
  view.history.events.forEach((event, index) => {
    if (event.type !== "stored" || index < sinceIndex) return;
    const { messageId, offset, digest } = event;
    offsets.add(offset);
    const first = stored.get(messageId);
    // Several servers may be read: the same message at the same offset is one message.
    if (!first) stored.set(messageId, { offset, digest, index });
    else if (first.offset !== offset) duplicates.push({ messageId, index });
  });
  return { stored, duplicates, offsets: offsets.size };
}

/** Where the audit proper begins: facts read back earlier, while something was broken, may have been lost since. */
function auditIndex(view: HistoryView): number {
  const before = view.marks.filter(({ event }) => event.mark === "read-back" || event.mark === "load-stopped");
  return before.at(-1)?.index ?? 0;
}

function compare(view: HistoryView, stored: Map<string, Stored>): Comparison {
  const seen: Comparison = {
    acknowledged: 0,
    unverifiable: 0,
    infoStored: 0,
    infoAbsent: 0,
    failStored: 0,
    lost: [],
    altered: [],
    moved: [],
  };
  const done = new Set<string>();
  for (const operation of view.operations) {
    if (operation.f !== "append" || operation.messageId === undefined) continue;
    const found = stored.get(operation.messageId);
    if (operation.outcome === "ok") {
      compareOne(seen, operation, { found, isRetry: done.has(operation.messageId) });
      done.add(operation.messageId);
    } else if (operation.outcome === "fail") seen.failStored += found ? 1 : 0;
    else if (found) seen.infoStored += 1;
    else seen.infoAbsent += 1;
  }
  return seen;
}

function compareOne(
  seen: Comparison,
  operation: Operation,
  against: { found: Stored | undefined; isRetry: boolean },
): void {
  const { found, isRetry } = against;
  if (!isRetry) seen.acknowledged += 1;
  if (!found) {
    if (!isRetry) seen.lost.push(operation);
    return;
  }
  if (operation.digest === undefined) seen.unverifiable += 1;
  else if (operation.digest !== found.digest) seen.altered.push(operation);
  if (operation.offset !== undefined && operation.offset !== found.offset) seen.moved.push(operation);
}

function brokenBy(seen: Comparison, audit: Audit): { because: string; events: number[] } | undefined {
  const of = (operations: Operation[]) => operations.slice(0, 5).map(({ index }) => index);
  const first = (operations: Operation[]) => `first ${operations[0]!.messageId}`;
  if (seen.lost.length > 0)
    return {
      because: `${seen.lost.length} of ${counted(seen.acknowledged, "acknowledged fact")} not in the stream (${first(seen.lost)})`,
      events: of(seen.lost),
    };
  if (seen.altered.length > 0)
    return {
      because: `${counted(seen.altered.length, "fact")} stored with another payload (${first(seen.altered)})`,
      events: of(seen.altered),
    };
  if (audit.duplicates.length > 0)
    return {
      because: `${counted(audit.duplicates.length, "message")} stored twice (first ${audit.duplicates[0]!.messageId})`,
      events: audit.duplicates.slice(0, 5).map(({ index }) => index),
    };
  if (seen.moved.length > 0)
    return {
      because: `${counted(seen.moved.length, "fact")} not at the offset that was answered (${first(seen.moved)})`,
      events: of(seen.moved),
    };
  return undefined;
}

function figuresOf(seen: Comparison, audit: Audit): Record<string, unknown> {
  return {
    acknowledged: seen.acknowledged,
    stored: audit.offsets,
    lost: seen.lost.length,
    ...placesOfLoss(seen, audit.stored),
    lostByNode: countByNode(seen.lost),
    altered: seen.altered.length,
    duplicates: audit.duplicates.length,
    moved: seen.moved.length,
    infoStored: seen.infoStored,
    infoAbsent: seen.infoAbsent,
    failStored: seen.failStored,
  };
}

/** Lost before the first surviving fact, between survivors, after the last one; a whole loss counts as prefix. */
function placesOfLoss(seen: Comparison, stored: Map<string, Stored>): Record<string, number> {
  let firstOffset = Infinity;
  let lastOffset = -Infinity;
  for (const { offset } of stored.values()) {
    firstOffset = Math.min(firstOffset, offset);
    lastOffset = Math.max(lastOffset, offset);
  }
  const place = { lostPrefix: 0, lostMiddle: 0, lostTail: 0 };
  for (const { offset = 0 } of seen.lost) {
    if (offset < firstOffset) place.lostPrefix += 1;
    else if (offset > lastOffset) place.lostTail += 1;
    else place.lostMiddle += 1;
  }
  return place;
}

function countByNode(operations: readonly Operation[]): Partial<Record<NodeName, number>> {
  const counts: Partial<Record<NodeName, number>> = {};
  for (const { node } of operations) if (node) counts[node] = (counts[node] ?? 0) + 1;
  return counts;
}

function unknown(because: string, measured: Record<string, unknown>): Ruling {
  return { verdict: "unknown", because, measured, events: [], rests: "absent" };
}
