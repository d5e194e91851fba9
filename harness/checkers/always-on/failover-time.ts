// TIME-1: the time of every failover, whatever caused it and in either direction: from the effect of the fault to the
// first call that the other node answers through the VIP, on the client's clock. It must be inside the bounds of the
// run. Too fast is broken too: the promotion did not wait until the old node was certainly down.

import type { Operation } from "#history/operations.ts";
import type { FaultLife, HistoryView } from "#history/view.ts";
import { brokenWords, type TimedFailover } from "#spec/figures.ts";
import type { NodeName } from "#spec/node.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { type Checker, msOf, nsPerS, type Ruling, secondsOf } from "../checker.ts";
import { runnableOver, unlessContended } from "../queries/contention.ts";
import { effectNs, isServing, loadEndNs, marksOf, returnNs, touchNs } from "../queries/history-queries.ts";
import { answersForGood, backToFullRate, serviceFigures } from "../queries/service.ts";
import { type ServiceMove, serviceMoves } from "../queries/service-moves.ts";
import { type Unserved, unservedTimes } from "../queries/service-windows.ts";
import { failoverPhases } from "./failover-phases.ts";

export const failoverTime: Checker = {
  entry: "TIME-1",
  check(view) {
    const provoked = marksOf(view, "provoked");
    const moves = serviceMoves(view);
    if (provoked.length + moves.length === 0) return ruling("unknown", "no mark says what was provoked");
    const judged = moves.map((move) => judgedMove(view, move));
    const assertions = [...judged.map(({ assertion }) => assertion), ...neverMoved(view, moves)];
    if (assertions.length === 0) assertions.push(...awaitedOnly(view));
    if (assertions.length === 0) return ruling("not-applicable", "nothing moved the VIP, and nothing was to move it");
    const { measured, ...rest } = rulingOf(assertions, {});
    const timed = judged.map(({ figures }) => figures);
    const { failoverMinS, failoverMaxS } = view.bounds;
    const boundS: [number, number] = [failoverMinS, failoverMaxS];
    const { fullRateS = null } = serviceFigures(view);
    const [only] = judged;
    const because = rest.verdict === "kept" && only && judged.length === 1 ? only.assertion.saw : rest.because;
    return { ...rest, because, measured: { ...measured, ...longestOf(timed), timed, boundS, fullRateS } };
  },
};

/** The one that took longest, for those who want one figure a scenario. */
function longestOf(failovers: readonly TimedFailover[]): Partial<TimedFailover> {
  const [longest] = failovers.toSorted((a, b) => b.failoverS - a.failoverS);
  if (!longest) return {};
  const { verdict: _, ...figures } = longest;
  return figures;
}

/** Between these instants lies the effect that a time counts from. */
interface Start {
  earliestNs: number;
  latestNs: number;
  /** For people: "kill on alpha". */
  what: string;
  event: number;
}

function judgedMove(view: HistoryView, move: ServiceMove): { assertion: Assertion; figures: TimedFailover } {
  const { from, to, first, last, cause } = move;
  const effect = startOf(view, move);
  const free = freeSince(view, move, effect);
  const late = free?.start ?? effect;
  const leastNs = first.endNs - effect.latestNs;
  const figures: Omit<TimedFailover, "verdict"> = {
    way: wayOf(view, cause),
    from,
    to,
    fault: cause?.fault ?? "none",
    failoverS: secondsOf(first.endNs - late.latestNs),
    failoverUpperS: secondsOf(first.endNs - late.earliestNs),
    effectUncertaintyMs: msOf(late.latestNs - late.earliestNs),
    lastOkOfOldMs: msOf(last.endNs - effect.latestNs),
    phases: failoverPhases(view, { node: to, effectNs: late.latestNs, answerNs: first.endNs }),
    runnablePerCore: runnableOver(view, { fromNs: late.latestNs, toNs: first.endNs }) ?? null,
    ...(free ? { isDenied: true } : {}),
  };
  const sooner = tooSoon(view, { effect, leastNs, move });
  const assertion =
    sooner ??
    (free?.isUnbounded ? unbounded(move, effect) : inTime(view, { start: late, move })) ??
    fullRate(view, move);
  return { assertion, figures: { ...figures, verdict: assertion.verdict } };
}

const words = ({ from, to }: ServiceMove, s: number, what: string): string =>
  `${to} answered first ${s.toFixed(1)} s after ${what}${what.endsWith(from) ? "" : ` on ${from}`}`;

const saysOf = (view: HistoryView, { from, to }: ServiceMove): string =>
  `${to} took over from ${from} ${view.bounds.failoverMinS} to ${view.bounds.failoverMaxS} s after the fault`;

/** The effect of the fault. What the observer saw of the old node narrows its instant. */
function startOf(view: HistoryView, { from, last, cause }: ServiceMove): Start {
  if (!cause) return { earliestNs: last.endNs, latestNs: last.endNs, what: `its last answer`, event: last.index };
  const latestNs = effectNs(cause);
  let earliestNs = Math.min(touchNs(cause), latestNs);
  for (const node of cause.nodes)
    for (const { event } of view.observations[node])
      if (event.t > earliestNs && event.t <= latestNs && (!event.isAlive || event.isFrozen))
        earliestNs = Math.max(earliestNs, Math.min(event.sinceNs, latestNs));
  return { earliestNs, latestNs, what: `${cause.fault} on ${from}`, event: cause.phases.effective!.index };
}

/** No node could take over for a time. */
interface Freed {
  /** The repair that made a node fit to serve. */
  start: Start;
  /** The zone had lost its quorum too. The pattern gives no bound for the time to restore both. */
  isUnbounded: boolean;
}

function freeSince(view: HistoryView, { first }: ServiceMove, effect: Start): Freed | undefined {
  const isMet = ({ fromNs, toNs }: Unserved) => fromNs < first.endNs && toNs > effect.earliestNs;
  const last = unservedTimes(view).findLast(isMet);
  if (!last) return undefined;
  const isUnbounded = last.lacksQuorum || last.toNs >= first.endNs;
  const sinceNs = Math.min(last.toNs, first.endNs);
  const start = {
    earliestNs: sinceNs,
    latestNs: sinceNs,
    what: "the repair that made a node fit",
    event: effect.event,
  };
  return { start, isUnbounded };
}

/** Sooner than the bound after the effect. Undefined when it certainly was not. */
function tooSoon(
  view: HistoryView,
  { effect, leastNs, move }: { effect: Start; leastNs: number; move: ServiceMove },
): Assertion | undefined {
  const { failoverMinS } = view.bounds;
  const minNs = failoverMinS * nsPerS;
  if (leastNs >= minNs) return undefined;
  const saw = words(move, secondsOf(leastNs), effect.what);
  const mostNs = move.first.endNs - effect.earliestNs;
  if (mostNs < minNs)
    return refuted(saysOf(view, move), `${saw}, sooner than ${failoverMinS} s`, [effect.event, move.first.index]);
  return acrossBound(view, { start: effect, move, saw });
}

function inTime(view: HistoryView, { start, move }: { start: Start; move: ServiceMove }): Assertion | undefined {
  const { failoverMaxS } = view.bounds;
  const maxNs = failoverMaxS * nsPerS;
  const [leastNs, mostNs] = [move.first.endNs - start.latestNs, move.first.endNs - start.earliestNs];
  if (mostNs <= maxNs) return undefined;
  const saw = words(move, secondsOf(leastNs), start.what);
  if (leastNs <= maxNs) return acrossBound(view, { start, move, saw });
  const late = refuted(saysOf(view, move), `${saw}, later than ${failoverMaxS} s`, [start.event, move.first.index]);
  const span = { fromNs: start.latestNs, toNs: move.first.endNs };
  return unlessContended(view, span, { assertion: late, late: { tookNs: leastNs, boundNs: maxNs } });
}

function acrossBound(
  view: HistoryView,
  { start, move, saw }: { start: Start; move: ServiceMove; saw: string },
): Assertion {
  const { failoverMinS, failoverMaxS } = view.bounds;
  const margin = `the effect is known only to within ${msOf(start.latestNs - start.earliestNs)} ms`;
  return undecided(saysOf(view, move), `${saw}: ${margin}, across a bound of ${failoverMinS} to ${failoverMaxS} s`);
}

function unbounded(move: ServiceMove, effect: Start): Assertion {
  const says = `${move.to} took over from ${move.from} no sooner than the least time of a failover`;
  const s = secondsOf(move.first.endNs - effect.latestNs);
  return kept(says, { saw: words(move, s, effect.what), events: [effect.event, move.first.index] });
}

/** In time. A node that answers one call and refuses the next ones has not taken over. */
function fullRate(view: HistoryView, move: ServiceMove): Assertion {
  const { cause, first, last } = move;
  const says = saysOf(view, move);
  const effect = startOf(view, move);
  const { failoverMinS, failoverMaxS } = view.bounds;
  const saw = words(move, secondsOf(first.endNs - effect.latestNs), effect.what);
  const back = backToFullRate(view, { fromNs: cause ? touchNs(cause) : last.endNs, toNs: first.endNs });
  const rate = back.verdict === "kept" && cause ? answersForGood(view, cause, first.endNs) : back;
  if (rate.verdict === "kept")
    return kept(says, {
      saw: `${saw}, inside ${failoverMinS} to ${failoverMaxS} s`,
      events: [effect.event, first.index],
    });
  if (rate.verdict === "unknown") return undecided(says, `${saw}, but ${rate.saw}`);
  return { ...rate, says, saw: `${saw}, but ${brokenWords(rate)}` };
}

/** The scenario expects a failover, and no other node answered before the next fault, the repair or the end of load. */
function neverMoved(view: HistoryView, moves: readonly ServiceMove[]): Assertion[] {
  const provoked = marksOf(view, "provoked");
  return provoked.flatMap(({ event: { t, detail } }, place): Assertion[] => {
    if (!detail.expectsFailover) return [];
    const from = detail.from ?? undefined;
    const nextNs = provoked[place + 1]?.event.t ?? Infinity;
    const isWanted = (move: ServiceMove) =>
      move.first.endNs > t && move.first.endNs < nextNs && (!from || move.from === from);
    if (moves.some(isWanted)) return [];
    return [notMoved(view, { from, sinceNs: t, nextNs })];
  });
}

interface Awaited {
  from: NodeName | undefined;
  sinceNs: number;
  nextNs: number;
}

function notMoved(view: HistoryView, { from, sinceNs, nextNs }: Awaited): Assertion {
  const { failoverMaxS } = view.bounds;
  const says = `the other node took over from ${from ?? "the active node"}`;
  const life = view.faults.find(
    (one) => touchNs(one) >= sinceNs && effectNs(one) < nextNs && (!from || one.nodes.includes(from)),
  );
  if (!life) return undecided(says, "no fault took effect on the node that was to fail");
  const unserved = unservedTimes(view).filter((one) => one.fromNs < nextNs && one.toNs > effectNs(life));
  const fromNs = Math.max(effectNs(life), ...unserved.map(({ toNs: freeNs }) => freeNs));
  const toNs = Math.min(loadEndNs(view), nextNs, returnNs(life));
  const watchedS = secondsOf(toNs - fromNs);
  const saw = `no other node answered within ${watchedS.toFixed(1)} s of ${life.fault} on ${life.nodes.join("+")}`;
  if (watchedS < failoverMaxS) return undecided(says, `${saw}, and it was watched for less than ${failoverMaxS} s`);
  const absent = missed(says, saw, [life.phases.effective!.index]);
  const late = { tookNs: toNs - fromNs, boundNs: failoverMaxS * nsPerS };
  return unlessContended(view, { fromNs, toNs }, { assertion: absent, late });
}

/** The scenario waited for an answer of a node after the faults, and the service never moved. */
function awaitedOnly(view: HistoryView): Assertion[] {
  const awaited = marksOf(view, "failed-over").find(({ event: { t, detail } }) => {
    const node = detail?.node;
    const isAnswer = (one: Operation) => isServing(one) && one.node === node && one.endNs <= t;
    return node !== undefined && !view.operations.some(isAnswer);
  });
  return awaited ? [undecided(`${awaited.event.detail?.node} took over`, "it answered no client")] : [];
}

/** The kind of failure: "kill" of "fail-1-kill" for the first fault of such a scenario, else the fault itself. */
function wayOf(view: HistoryView, cause: FaultLife | undefined): string {
  const { scenario } = view.history.header;
  if (!cause) return "none";
  if (cause === view.faults[0] && /^(?:fail-1|fail-5|dual)-/.test(scenario)) return scenario.replace(/^fail-\d+-/, "");
  return [cause.fault, cause.spec.way].filter(Boolean).join(" ");
}

function ruling(name: Ruling["verdict"], because: string): Ruling {
  return { verdict: name, because, measured: {}, events: [], rests: "seen" };
}
