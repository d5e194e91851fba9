// Judges service call by call. Outside the windows that a fault excuses, each request is answered within its budget.
// After each gap the appends return to their full rate (docs/decisions/0023-service-call-by-call.md).

import type { FaultLife, HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type Assertion, kept, missed, overAll, undecided } from "../assertions.ts";
import { counted, nsPerMs, secondsOf } from "../checker.ts";
import { unlessContended } from "./contention.ts";
import { type CallKind, type Gap, reconnectNs, tenthNs } from "./service-gaps.ts";
import { type JudgedGap, serviceOf } from "./service-rulings.ts";

/** A span of the load in monotonic nanoseconds. */
interface Span {
  fromNs: number;
  toNs: number;
}

const always: Span = { fromNs: -Infinity, toNs: Infinity };

/** The gap began before the end of the span, and ended after its start. */
function isIn(span: Span, { gap, endNs }: JudgedGap): boolean {
  return endNs >= span.fromNs && gap.fromNs < span.toNs;
}

/** Each request of each kind outside the windows; in the gaps that meet the span. */
export function answersEachRequest(view: HistoryView, span: Span = always): Assertion {
  const { requestMaxMs } = view.bounds;
  const says = `outside the windows of the faults each request was answered within ${requestMaxMs} ms`;
  const { gaps, calls } = serviceOf(view);
  if (calls.byKind.size === 0) return undecided(says, "no client called in the steady state");
  const inSpan = gaps.filter((one) => isIn(span, one));
  const rulings = [
    ...inSpan.filter(({ ruling }) => ruling === "unexcused").map((one) => notAnswered(view, one, says)),
    ...[...calls.byKind].flatMap(([kind, { calls: count }]) => oftenRetried(view, says, { kind, count, gaps: inSpan })),
    ...inSpan.flatMap((one) => refusedWhileSteady(view, one)),
    ...inSpan.flatMap((one) => neverAgain(view, one, says)),
  ];
  const worst = rulings.find((one) => one.verdict === "broken") ?? rulings[0];
  return worst ?? kept(says);
}

function notAnswered(view: HistoryView, { gap, endNs, began }: JudgedGap, says: string): Assertion {
  const lastedS = secondsOf(endNs - gap.fromNs).toFixed(1);
  const atS = secondsOf(gap.fromNs - view.firstNs).toFixed(1);
  const why = [...gap.errors].slice(0, 3).join(", ");
  const saw = `${counted(gap.failed, `${gap.kind} call`)} got no answer over ${lastedS} s, from second ${atS} on (${why})`;
  const window = began.toSorted((a, b) => b.untilNs - a.untilNs)[0];
  const late = window
    ? { tookNs: endNs - window.fromNs, boundNs: window.untilNs - window.fromNs }
    : { tookNs: endNs - gap.fromNs, boundNs: view.bounds.requestMaxMs * nsPerMs };
  const assertion = missed(says, saw, [gap.index]);
  // A refusal is not late. Only an election that takes long may cause one.
  if (!window && [...gap.errors].some((error) => error.startsWith("rpc-"))) return assertion;
  return unlessContended(view, { fromNs: gap.fromNs, toNs: endNs + reconnectNs }, { assertion, late });
}

/** So few retried calls are no pattern. Right zones had up to 2. */
const retriedMin = 2;

/** A retry mends a lost call now and then. It does not mend a node that loses every second one. */
function oftenRetried(
  view: HistoryView,
  says: string,
  { kind, count, gaps }: { kind: CallKind; count: number; gaps: readonly JudgedGap[] },
): Assertion[] {
  const retried = gaps.filter(({ gap, ruling }) => ruling === "retried" && gap.kind === kind);
  const failed = retried.reduce((sum, { gap }) => sum + gap.failed, 0);
  const inGaps = gaps.filter(({ gap, ruling }) => ruling === "excused" && gap.kind === kind);
  const outside = count - inGaps.reduce((sum, { gap }) => sum + gap.failed, 0);
  const allowed = Math.max(retriedMin, (outside * (100 - view.bounds.fullRatePercent)) / 100);
  if (failed <= allowed) return [];
  const saw = `${failed} of ${counted(outside, `${kind} call`)} got their answer only by a retry`;
  const assertion = missed(says, saw, [retried[0]!.gap.index]);
  const judged = retried.map(({ gap, endNs }) => ({
    failed: gap.failed,
    judged: unlessContended(view, { fromNs: gap.fromNs, toNs: endNs + reconnectNs }, { assertion }),
  }));
  const inCalm = judged.filter((one) => one.judged.verdict === "broken").reduce((sum, one) => sum + one.failed, 0);
  return [inCalm > allowed ? assertion : judged.find((one) => one.judged.verdict !== "broken")!.judged];
}

/**
 * A retry mends a call that was lost on its way. Outside every window no right zone refuses a call, also not one that
 * is answered later. A busy machine may cause an election, and an election refuses calls.
 */
function refusedWhileSteady(view: HistoryView, { gap, endNs, ruling, began }: JudgedGap): Assertion[] {
  const error = [...gap.errors].find((one) => one.startsWith("rpc-"));
  if (ruling !== "retried" || began.length > 0 || error === undefined) return [];
  const says = "outside the windows of the faults no request was refused";
  const atS = secondsOf(gap.fromNs - view.firstNs).toFixed(1);
  const saw = `${counted(gap.failed, `${gap.kind} call`)} in second ${atS} got ${error}, and an answer only by a retry`;
  const span = { fromNs: gap.fromNs, toNs: endNs + reconnectNs };
  return [unlessContended(view, span, { assertion: missed(says, saw, [gap.index]) })];
}

/** The load ended inside the window. So it is unknown whether answers would have come back in time. */
function neverAgain({ bounds }: HistoryView, { gap, endNs, ruling }: JudgedGap, says: string): Assertion[] {
  const isOpen = ruling === "excused" && gap.toNs === undefined;
  if (!isOpen || endNs - gap.fromNs <= bounds.requestMaxMs * nsPerMs) return [];
  const saw = `no ${gap.kind} was answered in the last ${secondsOf(endNs - gap.fromNs).toFixed(1)} s of the load`;
  return [undecided(says, saw)];
}

/** After each gap that ended in the span, appends are back to their full rate in time. */
export function backToFullRate(view: HistoryView, span: Span = always): Assertion {
  const { fullRateMaxMs, fullRatePercent } = view.bounds;
  const says = `appends were back to ${fullRatePercent}% of their rate within ${fullRateMaxMs} ms`;
  const inSpan = serviceOf(view).rates.filter(({ sinceNs }) => sinceNs >= span.fromNs && sinceNs <= span.toNs);
  const slow = inSpan.filter(({ isLate }) => isLate);
  if (slow.length === 0) return kept(says);
  return overAll(
    says,
    slow.map(({ gap, sinceNs, fullNs, late }) => {
      const when = fullNs === null ? "they never were" : `it took ${secondsOf(fullNs).toFixed(1)} s`;
      const saw = `after second ${secondsOf(sinceNs - view.firstNs).toFixed(1)} ${when}`;
      const spent = { fromNs: sinceNs, toNs: sinceNs + late.tookNs };
      return unlessContended(view, spent, { assertion: missed(says, saw, [gap.index]), late });
    }),
  );
}

/** Less than this between two gaps is no time of service: the client calls sixty times a second. */
const betweenNs = 3 * tenthNs;

/**
 * From the first answer after a takeover until appends fail no more. The return of the failed node opens a window, in
 * which another gap begins; where nothing but a few answers lies between the two, the takeover goes on.
 */
export function answersForGood(view: HistoryView, life: FaultLife, answerNs: number): Assertion {
  const { fullRateMaxMs, outageMaxMs } = view.bounds;
  const says = `appends were answered for good within ${fullRateMaxMs} ms of the first answer`;
  const { gaps, calls } = serviceOf(view);
  const appends = gaps.filter(({ gap, endNs }) => gap.kind === "append" && endNs >= answerNs - reconnectNs);
  let lastNs = answerNs;
  const events: number[] = [];
  for (const { gap, began } of appends.toSorted((a, b) => a.gap.fromNs - b.gap.fromNs)) {
    if (gap.fromNs > lastNs + betweenNs || began.some((one) => one.life !== life)) break;
    lastNs = Math.max(lastNs, gap.toNs ?? calls.toNs);
    events.push(gap.index);
  }
  const effectNs = life.phases.effective?.event.t ?? answerNs;
  const dueNs = Math.max(answerNs + fullRateMaxMs * nsPerMs, effectNs + outageMaxMs * nsPerMs);
  if (lastNs <= dueNs) return kept(says);
  const saw = `calls went on to fail for ${secondsOf(lastNs - answerNs).toFixed(1)} s`;
  const late = { tookNs: lastNs - answerNs, boundNs: dueNs - answerNs };
  return unlessContended(view, { fromNs: answerNs, toNs: lastNs }, { assertion: missed(says, saw, events), late });
}

/** Both assertions. */
export function served(view: HistoryView, span?: Span): Assertion[] {
  return [answersEachRequest(view, span), backToFullRate(view, span)];
}

export function serviceFigures(view: HistoryView): Figures {
  const { calls, gaps, rates } = serviceOf(view);
  const excused = gaps.filter(({ ruling }) => ruling === "excused").map(({ gap }) => gap);
  const sum = (of: (gap: Gap) => number, list: readonly Gap[] = excused) =>
    list.reduce((total, gap) => total + of(gap), 0);
  const all = [...calls.byKind.values()].reduce((total, one) => total + one.calls, 0);
  const failed = gaps.reduce((total, { gap }) => total + gap.failed, 0);
  const full = rates.map(({ fullNs }) => fullNs).filter((ns) => ns !== null);
  const inside = sum((gap) => gap.failed + gap.answered);
  return {
    callsInside: inside,
    unansweredInside: sum((gap) => gap.failed),
    callsOutside: all - inside,
    unansweredOutside: failed - sum((gap) => gap.failed),
    slowestOutsideMs: Math.round(calls.slowestNs / nsPerMs),
    fullRateS: full.length > 0 ? secondsOf(Math.max(...full)) : null,
    callsByKind: Object.fromEntries([...calls.byKind].map(([kind, { outcomes }]) => [kind, outcomes])),
  };
}
