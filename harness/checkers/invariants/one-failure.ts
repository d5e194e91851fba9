// INV-3: messages stay durable through the failure of one node without an operator. Before any repair, every fact
// acknowledged before the fault is readable, and new facts are acknowledged.

import type { MarkEvent, StoredEvent } from "#history/event.ts";
import { type At, eventsOf, type FaultLife, type HistoryView, markOf } from "#history/view.ts";
import { type Checker, counted, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { answersEachRequest, serviceFigures } from "../queries/service.ts";
import {
  effectNs,
  firstAnswer,
  isOutside,
  isOwnAppend,
  loadEndNs,
  marksOf,
  returnNs,
  touchNs,
} from "../queries/history-queries.ts";

/** From the fault to the first repair. */
interface Alone {
  life: FaultLife;
  fromNs: number;
  toNs: number;
}

export const oneFailure: Checker = {
  entry: "INV-3",
  check(view) {
    const says = "one node failed, and nothing else was done";
    const [life, ...more] = view.faults;
    if (!life || effectNs(life) === Infinity) return rulingOf([undecided(says, "no fault took effect")], {});
    if (more.length > 0 || life.nodes.length !== 1)
      return rulingOf([undecided(says, `${counted(view.faults.length, "fault")} were made`)], {});
    const repairedNs = markOf(view, "repaired")?.event.t ?? Infinity;
    const toNs = Math.min(returnNs(life), repairedNs, loadEndNs(view));
    const alone = { life, fromNs: effectNs(life), toNs };
    const goesOn = acknowledgesAgain(view, alone);
    const goesOnServing = answersEachRequest(view, { fromNs: touchNs(life), toNs });
    return rulingOf([kept(says), goesOn.assertion, goesOnServing, staysReadable(view, alone)], {
      node: life.nodes[0],
      aloneS: secondsOf(toNs - alone.fromNs),
      acknowledgedAgainS: goesOn.afterNs === undefined ? null : secondsOf(goesOn.afterNs),
      ...serviceFigures(view),
    });
  },
};

function acknowledgesAgain(view: HistoryView, { fromNs, toNs }: Alone): { assertion: Assertion; afterNs?: number } {
  const says = "facts were acknowledged again before anything was repaired";
  const answer = firstAnswer(
    view,
    (o) => o.f === "append" && isOutside(o.process) && o.invokeNs >= fromNs && o.endNs <= toNs,
  );
  if (!answer) {
    const assertion = missed(says, `none was acknowledged in ${secondsOf(toNs - fromNs)} s`);
    const late = { tookNs: toNs - fromNs, boundNs: view.bounds.failoverMaxS * nsPerS };
    return { assertion: unlessContended(view, { fromNs, toNs }, { assertion, late }) };
  }
  return { assertion: kept(says, { events: [answer.index] }), afterNs: answer.endNs - fromNs };
}

function staysReadable(view: HistoryView, { life, fromNs, toNs }: Alone): Assertion {
  const says = "every fact acknowledged before the fault was readable before anything was repaired";
  const reads = marksOf(view, "read-back").filter(({ event }) => event.t > fromNs && event.t <= toNs);
  if (reads.length === 0) return undecided(says, "the facts were not read back before the repair");
  return overAll(
    says,
    reads.map((read, place) =>
      readableIn(view, { says, read, sinceNs: reads[place - 1]?.event.t ?? fromNs, beforeNs: touchNs(life) }),
    ),
  );
}

interface Reading {
  says: string;
  read: At<MarkEvent<"read-back">>;
  /** What was stored from then on was read for it. */
  sinceNs: number;
  /** Facts acknowledged by then must be there. */
  beforeNs: number;
}

function readableIn(view: HistoryView, { says, read, sinceNs, beforeNs }: Reading): Assertion {
  const { isReadable, saw = "no answer" } = read.event.detail;
  if (!isReadable) return missed(says, `reading gave ${JSON.stringify(saw)}`, [read.index]);
  const stored = new Map<string, StoredEvent>();
  for (const { event } of eventsOf(view.history, "stored"))
    if (event.t > sinceNs && event.t <= read.event.t) stored.set(event.messageId, event);
  let acknowledged = 0;
  for (const operation of view.operations) {
    const { outcome, messageId, digest, endNs, index } = operation;
    if (!isOwnAppend(operation) || outcome !== "ok" || endNs > beforeNs || messageId === undefined) continue;
    acknowledged += 1;
    const found = stored.get(messageId);
    if (!found) return refuted(says, `${messageId} was not among ${stored.size} that were read`, [index, read.index]);
    if (digest !== undefined && digest !== found.digest)
      return refuted(says, `${messageId} was read with another payload`, [index, read.index]);
  }
  if (acknowledged === 0) return undecided(says, "no fact was acknowledged before the fault");
  return kept(says, { saw: counted(acknowledged, "fact"), events: [read.index] });
}
