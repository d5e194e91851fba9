// REC-3: a restore of a clean snapshot into a new cluster undoes logical corruption. Afterwards each fact, cursor and
// consumer is what it was, on every node. REC-5: no text claims more than such a restore.

import { type Checker, counted, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { servedAtTheEnd } from "../failure/node-assertions.ts";
import { effectNs, marksOf, touchNs } from "../queries/history-queries.ts";
import { type At, eventsOf, type HistoryView, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import type { MarkEvent } from "#history/event.ts";
import { nodeNames } from "#spec/node.ts";
import { difference, replicaDumpsOf, type ReplicaDump } from "./compare-replicas.ts";
import { nodeOf } from "../queries/judged-node.ts";

/** Labels of the scenario's replica dumps. */
const [clean, corrupt, restored] = ["clean", "corrupt", "restored"];

export const snapshotRestored: Checker = {
  entry: "REC-3",
  check(view) {
    const before = replicaDumpsOf(view, clean!);
    const after = replicaDumpsOf(view, restored!);
    const assertions = [
      corrupted(view, before),
      clusterIsNew(view),
      wasRestored(view),
      ...streamsIn(before).map((stream) => sameOnAll({ view, stream: stream }, before, after)),
      consumersSame(before, after),
      servedAtTheEnd(view),
    ];
    return rulingOf(assertions, figuresOf(view, before));
  },
};

const streamsIn = (replicaDumps: readonly ReplicaDump[]) => [...new Set(replicaDumps.map(({ event }) => event.stream))];

/** The deleted facts are missing on every replica: only the snapshot can bring them back. */
function corrupted(view: HistoryView, before: readonly ReplicaDump[]): Assertion {
  const says = "facts were deleted on every replica";
  const now = replicaDumpsOf(view, corrupt!).filter(({ event }) => event.stream === nodeOf(view).streams.facts);
  if (now.length < nodeNames.length) return undecided(says, `${counted(now.length, "replica")} of the facts were read`);
  const whole = now.find(({ event }) => !isFewer(view, event.messages, before));
  if (whole) return undecided(says, `${whole.event.node} still held as many`);
  return kept(says, { events: now.map(({ index }) => index) });
}

function isFewer(view: HistoryView, messages: number, before: readonly ReplicaDump[]): boolean {
  return before.some(({ event }) => event.stream === nodeOf(view).streams.facts && messages < event.messages);
}

/** Every node was lost with its disks after the corruption and before the restore. */
function clusterIsNew(view: HistoryView): Assertion {
  const says = "all three nodes were recreated with empty disks";
  const lost = view.faults.filter((life) => life.fault === "rebuilt" && effectNs(life) < Infinity);
  const spared = nodeNames.find((node) => !lost.some((life) => life.nodes.includes(node)));
  const restoreNs = markOf(view, "restored")?.event.t ?? -Infinity;
  if (spared) return undecided(says, `${spared} was not recreated`);
  if (lost.some((life) => touchNs(life) > restoreNs)) return undecided(says, "one was lost after the restore");
  return kept(says, { events: lost.map((life) => life.phases.effective!.index) });
}

function restoredMark(view: HistoryView): At<MarkEvent<"restored">> | undefined {
  return marksOf(view, "restored").at(-1);
}

function wasRestored(view: HistoryView): Assertion {
  const says = "the snapshot was restored";
  const mark = restoredMark(view);
  if (!mark) return undecided(says, "no restore was tried");
  const { isTimedOut, saw } = mark.event.detail ?? {};
  return isTimedOut ? missed(says, String(saw), [mark.index]) : kept(says, { events: [mark.index] });
}

/**
 * Compares each replica after the restore with each before the snapshot. So the replicas are also equal to each other.
 */
function sameOnAll(
  { view, stream }: { view: HistoryView; stream: string },
  before: readonly ReplicaDump[],
  after: readonly ReplicaDump[],
): Assertion {
  const what = stream === nodeOf(view).streams.facts ? "each fact" : `each message of ${stream}`;
  const says = `${what} on every node is the same as when the snapshot was taken`;
  const was = before.filter(({ event }) => event.stream === stream);
  const now = after.filter(({ event }) => event.stream === stream);
  if (was.length < nodeNames.length) return undecided(says, `${counted(was.length, "replica")} were read before`);
  const unread = nodeNames.find((node) => !now.some(({ event }) => event.node === node));
  if (unread) return missed(says, `after the restore ${unread} held no replica of ${stream}`);
  for (const one of now)
    for (const { event } of was) {
      const differs = difference(one.event, event);
      if (differs) return refuted(says, `${stream} on ${one.event.node}: ${differs}`, [one.index]);
    }
  return kept(says, { events: now.map(({ index }) => index) });
}

/** On each node: a replica that lost the position serves from another one when it becomes the leader. */
function consumersSame(before: readonly ReplicaDump[], after: readonly ReplicaDump[]): Assertion {
  const says = "each durable consumer is at its old position on every node";
  const was = before.flatMap(consumersIn);
  if (was.length === 0) return undecided(says, "there was no durable consumer before");
  for (const replica of after) {
    const { stream, node } = replica.event;
    const now = consumersIn(replica);
    for (const { name, acked } of was.filter((one) => one.stream === stream)) {
      const found = now.find((one) => one.name === name);
      if (!found) return missed(says, `consumer ${stream}/${name} is not there on ${node}`, [replica.index]);
      if (found.acked !== acked)
        return refuted(says, `consumer ${stream}/${name} is at ${found.acked} and was at ${acked}, on ${node}`, [
          replica.index,
        ]);
    }
  }
  const words = new Set(was.map(({ stream, name, acked }) => `${stream}/${name} at ${acked}`));
  return kept(says, { saw: [...words].join(", ") });
}

function consumersIn({ event: { stream, consumers } }: ReplicaDump) {
  return consumers.map(({ name, ackedSeq }) => ({ stream, name, acked: ackedSeq }));
}

function figuresOf(view: HistoryView, before: readonly ReplicaDump[]): Figures {
  const { bytes, messages, tookMs } = restoredMark(view)?.event.detail ?? {};
  const { streams } = nodeOf(view);
  const count = (stream: string) => before.find(({ event }) => event.stream === stream)?.event.messages ?? 0;
  return {
    facts: count(streams.facts),
    cursors: streams.cursors === null ? 0 : count(streams.cursors),
    ...(tookMs === undefined
      ? {}
      : { restoredS: secondsOf(tookMs * 1e6), restoredMessages: messages, snapshotBytes: bytes }),
  };
}

/** REC-5: an accepted limit of the pattern. The report states it; a text that claims otherwise is wrong. */
export const noPointInTime: Checker = {
  entry: "REC-5",
  check(view) {
    const texts = eventsOf(view.history, "texts");
    const read = texts.reduce((sum, { event }) => sum + event.read, 0);
    const says = "nothing claims point-in-time recovery";
    const measured = {
      textsRead: read,
      denials: texts.reduce((sum, { event }) => sum + event.denials, 0),
      byKind: Object.fromEntries(texts.map(({ event }) => [event.kind, event.read])),
    } satisfies Figures;
    const claiming = texts.find(({ event }) => event.claims.length > 0);
    if (claiming) {
      const { place, sentence } = claiming.event.claims[0]!;
      return rulingOf([refuted(says, `${place} says "${sentence.slice(0, 200)}"`, [claiming.index])], measured);
    }
    const unread = ["help", "docs", "manifest", ...nodeNames].find(
      (kind) => !texts.some(({ event }) => event.kind === kind && event.read > 0),
    );
    if (unread) return rulingOf([undecided(says, `the texts of kind "${unread}" were not read`)], measured);
    const because =
      "accepted limit: a restore gives the state of the snapshot, without what was acknowledged after it; " +
      `none of ${counted(read, "text")} claims more`;
    return { verdict: "kept", because, measured, events: texts.map(({ index }) => index), rests: "seen" };
  },
};
