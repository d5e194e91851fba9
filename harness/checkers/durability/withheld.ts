// DUR-10: a fact is acknowledged only when a quorum has it. The servers of the two nodes that do not serve are frozen
// together. For that time no quorum exists, and no append may be acknowledged, by whichever node is active.

import type { Operation } from "#history/operations.ts";
import type { HistoryView } from "#history/view.ts";
import { type NodeName, serviceNodes } from "#spec/node.ts";
import { type Checker, counted, msOf, nsPerMs, nsPerS } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { runnableOver } from "../queries/contention.ts";
import { activeSpans, covering, firstAppends, marksOf } from "../queries/history-queries.ts";

/**
 * An answer that was on its way when the servers froze reaches the client within this time. A server answers a stored
 * fact in 5 ms; the rest is for programs that wait for a core. With n runnable tasks per core it may take n times as
 * long: 375 ms were seen with 9.5.
 */
const onTheWayNs = 200 * nsPerMs;
/** A zone that acknowledges one append in twenty too early shows none of them in 100 calls once in 170 times. */
const callsMin = 100;
/** Calls that one freeze must meet. At 60 a second 0.7 s meet 42. */
const callsOfOneMin = 10;

interface Withheld {
  active: NodeName;
  fromNs: number;
  toNs: number;
  index: number;
  /** First sends that were invoked while the servers were frozen. */
  calls: Operation[];
  /** First sends that were invoked before. */
  earlier: Operation[];
}

export const quorumBeforeAnswer: Checker = {
  entry: "DUR-10",
  check(view) {
    const marks = marksOf(view, "withheld");
    if (marks.length === 0) return rulingOf([undecided("servers were frozen together", "none were")], {});
    const failed = marks.flatMap(({ event: { detail } }) =>
      detail.fromNs === undefined ? [undecided("servers were frozen together", detail.saw ?? "none were")] : [],
    );
    const times = withheldIn(view);
    const assertions = times.flatMap((one) => [
      nothingAcknowledged(view, one),
      noneAfterThoseOnTheWay(view, one),
      couldBeAcknowledged(view, one),
    ]);
    const nodes = serviceNodes.map((node) => wasTried(node, times));
    const calls = times.reduce((sum, one) => sum + one.calls.length, 0);
    return rulingOf([...assertions, ...failed, ...nodes, enoughCalls(calls)], {
      withheldCalls: calls,
      withheldMs: times.map(({ active, fromNs, toNs }) => `${active}: ${Math.round(msOf(toNs - fromNs))}`),
    });
  },
};

function withheldIn(view: HistoryView): Withheld[] {
  const times = marksOf(view, "withheld").flatMap(({ event: { detail }, index }): Withheld[] => {
    const { active, fromNs, toNs } = detail;
    const isDone = active !== undefined && fromNs !== undefined && toNs !== undefined;
    return isDone ? [{ active, fromNs, toNs, index, calls: [], earlier: [] }] : [];
  });
  for (const operation of firstAppends(view)) {
    for (const one of times) {
      const { invokeNs, endNs } = operation;
      if (invokeNs >= one.fromNs && invokeNs < one.toNs) one.calls.push(operation);
      else if (invokeNs < one.fromNs && endNs > one.fromNs) one.earlier.push(operation);
    }
  }
  return times;
}

function nothingAcknowledged(view: HistoryView, { fromNs, toNs, active, calls }: Withheld): Assertion {
  const says = `${active} acknowledged nothing while the servers of both other nodes were frozen`;
  const early = calls.filter(({ outcome, endNs }) => outcome === "ok" && endNs < toNs);
  const [first] = early;
  if (first)
    return refuted(
      says,
      `${early.length} of ${counted(calls.length, "append")} were, the first ${msOf(first.endNs - fromNs)} ms into that time`,
      early.slice(0, 3).map(({ index }) => index),
    );
  if (calls.length >= callsOfOneMin) return kept(says, { saw: counted(calls.length, "append") });
  return undecided(says, `only ${counted(calls.length, "append")} was tried`);
}

/** A call that began before may be answered with what a quorum stored before. Not later than such an answer needs. */
function noneAfterThoseOnTheWay(view: HistoryView, { fromNs, toNs, active, earlier }: Withheld): Assertion {
  const maxNs = onTheWayNs * Math.max(1, runnableOver(view, { fromNs: fromNs - nsPerS, toNs: toNs + nsPerS }) ?? 1);
  const says = `no earlier append was acknowledged by ${active} ${Math.round(msOf(maxNs))} ms after the servers froze`;
  const late = earlier.find(({ outcome, endNs }) => outcome === "ok" && endNs > fromNs + maxNs && endNs < toNs);
  return late ? refuted(says, `one was, ${msOf(late.endNs - fromNs)} ms after it`, [late.index]) : kept(says);
}

function wasTried(node: NodeName, times: readonly Withheld[]): Assertion {
  const says = `the servers were frozen while ${node} was active`;
  return times.some(({ active }) => active === node) ? kept(says) : undecided(says, "they were not");
}

/** Premise: nothing but the frozen servers kept the node from answering. */
function couldBeAcknowledged(view: HistoryView, { fromNs, toNs, active, calls, index }: Withheld): Assertion {
  const says = `${active} would have acknowledged appends but for the frozen servers`;
  const span = covering(activeSpans(view, active), fromNs, toNs);
  if (!span) return undecided(says, `${active} did not stay active`);
  const budgetNs = view.bounds.requestMaxMs * nsPerMs;
  const isOk = ({ f, node, outcome }: Operation) => f === "append" && node === active && outcome === "ok";
  const before = [...view.operations].some((one) => isOk(one) && one.endNs < fromNs && one.endNs > fromNs - nsPerS);
  if (!before) return undecided(says, "none was acknowledged in the second before");
  const after = [...view.operations].some((one) => isOk(one) && one.endNs > toNs && one.endNs < toNs + budgetNs);
  if (!after) return undecided(says, `none was acknowledged within ${view.bounds.requestMaxMs} ms after it`);
  return kept(says, { saw: counted(calls.length, "append"), events: [index] });
}

function enoughCalls(calls: number): Assertion {
  const says = `at least ${callsMin} appends were tried while servers were frozen`;
  return calls >= callsMin ? kept(says, { saw: `${calls}` }) : undecided(says, `only ${calls} were`);
}
