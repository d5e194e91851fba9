// A power loss of all three nodes under load: which facts were acknowledged before it, and which were read back
// afterwards. Several entries share it; it decides none. One pass over the calls and one over the stored messages.

import type { Operation } from "#history/operations.ts";
import { type At, eventsOf, type FaultLife, type HistoryView, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import type { MarkEvent } from "#history/event.ts";
import { nodeNames } from "#spec/node.ts";
import { counted, nsPerS } from "../checker.ts";
import { type Assertion, kept, undecided } from "../assertions.ts";
import { effectNs, isOutside, isOwnAppend, marksOf } from "../queries/history-queries.ts";
import { nodeOf } from "../queries/judged-node.ts";

/** The rate of the load is measured over this time before the loss. */
const rateOverS = 10;

export interface Stored {
  offset: number;
  digest: string;
  index: number;
}

export interface PowerLoss {
  life: FaultLife;
  /** From here on no packet left a node. */
  atNs: number;
  /** From the cut of the packets to the shutdown of the last disk. */
  spreadMs: number;
  /** By message id, the first copy that was read back. */
  stored: Map<string, Stored>;
  /** Message ids that were sent after it, unless the call certainly failed. */
  sentAfter: Set<string | undefined>;
  /** Message ids that were read back at two offsets, with the index of the second. */
  twice: { messageId: string; index: number }[];
  /** Sent before it and acknowledged, in order of their offsets. */
  before: Operation[];
  /** Sent after it and acknowledged. */
  after: Operation[];
  /** Facts a second that were acknowledged in the last seconds before it. */
  factsPerS: number;
}

/** The first power loss of all three that took effect. */
export function powerLossIn(view: HistoryView): PowerLoss | undefined {
  const life = view.faults.find(
    (one) => one.fault === "power" && nodeNames.every((node) => one.nodes.includes(node)) && effectNs(one) < Infinity,
  );
  if (!life) return undefined;
  const atNs = effectNs(life);
  const spread = life.phases.effective?.event.detail?.spreadMs;
  const acknowledged = acknowledgedIn(view);
  // A busy client may read an answer shortly after it arrived.
  const after = acknowledged.filter(({ invokeNs }) => invokeNs > atNs);
  const sentAfter = sentSince(view, atNs);
  // When a fact was sent twice, only the offset shows which of the two calls stored it.
  const before = firstOfEach(acknowledged.filter(({ invokeNs }) => invokeNs <= atNs)).filter(
    ({ offset, messageId }) => offset !== undefined || !sentAfter.has(messageId),
  );
  const recent = before.filter(({ endNs }) => endNs > atNs - rateOverS * nsPerS);
  return {
    life,
    atNs,
    spreadMs: typeof spread === "number" ? spread : Infinity,
    ...readBack(view),
    before: before.toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0)),
    after: firstOfEach(after),
    sentAfter,
    factsPerS: recent.length / rateOverS,
  };
}

function acknowledgedIn(view: HistoryView): Operation[] {
  const found: Operation[] = [];
  for (const operation of view.operations)
    if (isOwnAppend(operation) && operation.outcome === "ok" && isOutside(operation.process)) found.push(operation);
  return found;
}

/** An append that timed out or is still open may have been stored. */
function sentSince(view: HistoryView, sinceNs: number): Set<string | undefined> {
  const found = new Set<string | undefined>();
  for (const operation of view.operations)
    if (isOwnAppend(operation) && operation.outcome !== "fail" && operation.invokeNs > sinceNs)
      found.add(operation.messageId);
  return found;
}

/** A client sends some facts twice. They count as one. */
function firstOfEach(acknowledged: readonly Operation[]): Operation[] {
  const seen = new Set<string | undefined>();
  return acknowledged.filter(({ messageId }) => !seen.has(messageId) && seen.add(messageId));
}

/** What the audit read after the end of load. */
function readBack(view: HistoryView): Pick<PowerLoss, "stored" | "twice"> {
  const sinceIndex = markOf(view, "load-stopped")?.index ?? 0;
  const stored = new Map<string, Stored>();
  const twice: PowerLoss["twice"] = [];
  for (const { event, index } of eventsOf(view.history, "stored")) {
    if (index < sinceIndex) continue;
    const { messageId, offset, digest } = event;
    const first = stored.get(messageId);
    if (!first) stored.set(messageId, { offset, digest, index });
    else if (first.offset !== offset) twice.push({ messageId, index });
  }
  return { stored, twice };
}

/**
 * Without these the facts read back say nothing about the loss: it was one instant, and the audit was complete. A
 * stream without a leader cannot be read; its facts are not lost for that reason.
 */
export function assumed(view: HistoryView, { spreadMs, life }: PowerLoss): Assertion[] {
  const instant = "all three lost power at once";
  const audit = "the stream was read back to its end";
  const events = life.phases.effective ? [life.phases.effective.index] : [];
  return [
    spreadMs <= view.bounds.powerSpreadMaxMs
      ? kept(instant, { saw: `within ${spreadMs} ms`, events })
      : undecided(instant, `the last disk went ${spreadMs} ms after the cut`),
    markOf(view, "audited") ? kept(audit) : undecided(audit, "it was not"),
  ];
}

/** With too little load nothing may be lost. What was lost anyway counts. */
export function enoughLoad(view: HistoryView, { factsPerS, before }: PowerLoss): Assertion {
  const { lossFactsPerS, lossFactsMin } = view.bounds;
  const load = "enough load ran";
  return factsPerS >= lossFactsPerS && before.length >= lossFactsMin
    ? kept(load, { saw: `${Math.round(factsPerS)} facts a second, ${before.length} in all` })
    : undecided(
        load,
        `${Math.round(factsPerS)} facts a second were acknowledged in the last ${rateOverS} s and ${before.length} in all`,
      );
}

/** The fact is gone, or the stream holds it only because it was sent again. */
export function isLost(loss: PowerLoss, fact: Operation): boolean {
  return !loss.stored.has(fact.messageId ?? "") || isStoredAnew(loss, fact);
}

/** A fact that survived keeps its offset. A lost fact that is sent again gets another one. */
export function isStoredAnew({ stored, sentAfter }: PowerLoss, { messageId = "", offset }: Operation): boolean {
  const found = stored.get(messageId);
  return found !== undefined && found.offset !== offset && sentAfter.has(messageId);
}

/** A fact that was read back with other content or at another offset than acknowledged. */
export function misreadIn(loss: PowerLoss): { what: string; events: number[] } | undefined {
  const { before, after, stored, twice } = loss;
  const resent = new Set(before.filter((fact) => isStoredAnew(loss, fact)));
  for (const fact of [...before, ...after]) {
    const { messageId = "", digest, offset, index } = fact;
    const found = stored.get(messageId);
    if (!found) continue;
    if (digest !== undefined && digest !== found.digest)
      return { what: `${messageId} was read back with another payload`, events: [index, found.index] };
    if (offset !== undefined && offset !== found.offset && !resent.has(fact))
      return {
        what: `${messageId} was read back at offset ${found.offset}, not ${offset}`,
        events: [index, found.index],
      };
  }
  const first = twice[0];
  return (
    first && { what: `${counted(twice.length, "fact")} stored twice (first ${first.messageId})`, events: [first.index] }
  );
}

/** How many facts each server says it holds, by its last answer, and which replicas the leader calls current. */
export function replicasOf(view: HistoryView): Figures {
  const { facts: factStream } = nodeOf(view).streams;
  const held: Record<string, number> = {};
  for (const { event } of eventsOf(view.history, "server")) {
    const facts = event.streams?.find(({ name }) => name === factStream);
    if (facts) held[event.node] = facts.messages;
  }
  const last = eventsOf(view.history, "stream").findLast(({ event }) => event.stream === factStream)?.event;
  const current = last?.replicas.filter(({ isCurrent }) => isCurrent).map(({ name }) => name) ?? [];
  return { messagesByServer: held, factsLeader: last?.leader ?? null, calledCurrent: current };
}

/** The last flush of all disks before the loss. What a server had written before it was on the disks. */
export function flushBefore(view: HistoryView, atNs: number): At<MarkEvent<"flushed">> | undefined {
  return marksOf(view, "flushed").findLast(({ event }) => event.t < atNs);
}
