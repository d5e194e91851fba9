// MON-1 to MON-11: each monitor is green in the steady state and never red without its condition. It is red soon after
// its condition begins, and green again soon after its end. The bounds are in spec/monitor.ts.

import { defined } from "#base/defined.ts";
import { type HistoryView, markOf } from "#history/view.ts";
import { defaultMonitorLimits, monitorSpecs, type MonitorName, monitorNames } from "#spec/monitor.ts";
import { type Checker, msOf } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended, unlessContendedBefore } from "../queries/contention.ts";
import { loadEndNs, touchNs } from "../queries/history-queries.ts";
import { type Condition, evidenceOf, failoversAsked, type Window } from "./conditions.ts";
import { Watched } from "./watched.ts";

/** The steady state is judged over this time before the first injection, or before the end of load. */
const steadyNs = 2e9;

export const monitorCheckers: readonly Checker[] = monitorNames.map((entry) => ({
  entry,
  check: (view) => judgeMonitor(view, entry),
}));

function judgeMonitor(view: HistoryView, name: MonitorName) {
  const watched = new Watched(view, name);
  if (watched.changes.length === 0) return rulingOf([undecided(`${name} is reported`, "no monitor ran")], {});
  const conditions = evidenceOf(name).conditions(view);
  const reactions = conditions.map((one) => reactionTo(view, watched, one));
  const assertions = [
    wellBefore(view, watched),
    ...asked(view, name, conditions),
    ...reactions.flatMap((one) => one.assertions),
    noFalseAlarm(view, watched, conditions),
  ];
  const most = (field: "redAfterMs" | "greenAfterMs") => {
    const numbers = reactions.map((one) => one[field]).filter((one) => one !== undefined);
    return numbers.length > 0 ? Math.max(...numbers) : null;
  };
  return rulingOf(assertions, {
    redAfterMs: most("redAfterMs"),
    greenAfterMs: most("greenAfterMs"),
    conditions: conditions.length,
  });
}

/** The steady state: before the first injection. */
function wellBefore(view: HistoryView, watched: Watched): Assertion {
  const says = "it was green in the steady state";
  const toNs = Math.min(...view.faults.map(touchNs), loadEndNs(view));
  const fromNs = toNs - steadyNs;
  if ((markOf(view, "steady")?.event.t ?? Infinity) > fromNs)
    return undecided(says, "the zone was not steady for 2 s before the first fault");
  if (!watched.at(fromNs)) return undecided(says, "it had reported nothing by then");
  const strange = watched.notGreen({ fromNs, toNs });
  if (strange.length === 0) return kept(says, { events: [watched.at(toNs)!.index] });
  return overAll(
    says,
    strange.map(({ event, index, ...one }) =>
      unlessContendedBefore(view, one.fromNs, refuted(says, `it was ${event.state}: ${event.why}`, [index])),
    ),
  );
}

/** Every provoked failover must have happened; otherwise the monitor was not tested. */
function asked(view: HistoryView, name: MonitorName, conditions: readonly Condition[]): Assertion[] {
  const failovers = failoversAsked(view);
  const isDue = (name === "MON-1" && failovers > 0) || (name === "MON-2" && failovers > 1);
  if (!isDue || conditions.length > 0) return [];
  return [undecided("its condition occurred", `${failovers} failovers were provoked and none was seen`)];
}

interface Reaction {
  assertions: Assertion[];
  redAfterMs?: number;
  greenAfterMs?: number;
}

function reactionTo(view: HistoryView, watched: Watched, condition: Condition): Reaction {
  const alarm = alarmIn(view, watched, condition);
  const end = condition.untilNs === Infinity ? undefined : releaseAfter(view, watched, condition);
  const assertions = [alarm.assertion, end?.assertion ?? undecided(`${condition.what} ended`, "its end was not seen")];
  return {
    assertions,
    ...defined({ redAfterMs: alarm.afterMs, greenAfterMs: end?.afterMs }),
  };
}

interface Delay {
  assertion: Assertion;
  afterMs?: number;
}

function alarmIn(view: HistoryView, watched: Watched, condition: Condition): Delay {
  const { redMs } = monitorSpecs[watched.name];
  const { what, sinceNs, untilNs, accepts } = condition;
  // A condition that held before the monitors ran counts from their first event.
  const fromNs = Math.max(condition.fromNs, watched.changes[0]!.event.t);
  const says = `it was ${accepts.join(" or ")} within ${redMs} ms of: ${what}`;
  const first = watched.firstIn(accepts, { fromNs: sinceNs, toNs: untilNs });
  if (!first && untilNs - fromNs < redMs * 1e6)
    return { assertion: undecided(says, `it was not, and the condition held for only ${msOf(untilNs - fromNs)} ms`) };
  const toNs = first?.t ?? Math.min(untilNs, loadEndNs(view));
  const inTime = (assertion: Assertion) => unlessLate(view, { fromNs, toNs }, { assertion, boundMs: redMs });
  if (!first)
    return { assertion: inTime(missed(says, `it was ${watched.at(fromNs)?.event.state ?? "silent"} all the time`)) };
  const afterMs = Math.max(0, msOf(first.t - fromNs));
  if (afterMs <= redMs) return { assertion: kept(says, { events: [first.index] }), afterMs };
  return { assertion: inTime(missed(says, `it took ${afterMs} ms`, [first.index])), afterMs };
}

function releaseAfter(view: HistoryView, watched: Watched, condition: Condition): Delay {
  const { greenMs } = monitorSpecs[watched.name];
  const { what, untilNs } = condition;
  const says = `it was green again within ${greenMs} ms after: ${what}`;
  const first = watched.firstIn(["green"], { fromNs: untilNs, toNs: Infinity });
  const span = { fromNs: untilNs, toNs: first?.t ?? loadEndNs(view) };
  const inTime = (assertion: Assertion) => unlessLate(view, span, { assertion, boundMs: greenMs });
  if (!first)
    return { assertion: inTime(missed(says, `it was not, and reported: ${watched.changes.at(-1)!.event.why}`)) };
  const afterMs = msOf(first.t - untilNs);
  if (afterMs <= greenMs) return { assertion: kept(says, { events: [first.index] }), afterMs };
  return { assertion: inTime(missed(says, `it took ${afterMs} ms`, [first.index])), afterMs };
}

function unlessLate(
  view: HistoryView,
  span: Window,
  { assertion, boundMs }: { assertion: Assertion; boundMs: number },
): Assertion {
  const late = { tookNs: span.toNs - span.fromNs, boundNs: boundMs * 1e6 };
  return unlessContended(view, span, { assertion, late });
}

/** Red without the condition is a false alarm. `gone` is no alarm, and is judged only in the steady state. */
function noFalseAlarm(view: HistoryView, watched: Watched, conditions: readonly Condition[]): Assertion {
  const { name } = watched;
  const says = "it was not red without its condition";
  const lateNs = monitorSpecs[name].greenMs * 1e6;
  const excused = [
    ...conditions.map((one) => ({ fromNs: one.sinceNs, toNs: one.untilNs + lateNs })),
    ...evidenceOf(name).excuses(view),
  ];
  const whole: Window = { fromNs: settledNs(view), toNs: loadEndNs(view) };
  const strange = watched.notGreen(whole).filter((one) => one.event.state === "red" && !isCovered(one, excused));
  if (strange.length === 0) return kept(says);
  // Under CPU contention the alarm may be right: the zone may take longer to settle than allowed here.
  return overAll(
    says,
    strange.map(({ fromNs, toNs, event, index }) => {
      const saw = `it was red for ${msOf(toNs - fromNs)} ms: ${event.why}`;
      return unlessContendedBefore(view, fromNs, refuted(says, saw, [index]));
    }),
  );
}

/** Whether these windows together cover all of one. */
function isCovered(one: Window, windows: readonly Window[]): boolean {
  let uncoveredNs = one.fromNs;
  for (const { fromNs, toNs } of [...windows].sort((a, b) => a.fromNs - b.fromNs))
    if (fromNs <= uncoveredNs) uncoveredNs = Math.max(uncoveredNs, toNs);
  return uncoveredNs >= one.toNs;
}

/** From here on every monitor has sampled the steady zone a few times. */
function settledNs(view: HistoryView): number {
  return (markOf(view, "steady")?.event.t ?? Infinity) + defaultMonitorLimits.silentMs * 1e6;
}
