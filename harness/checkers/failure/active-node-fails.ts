// FAIL-1 and FAIL-5: the active node fails or is cut off, the other node takes over, and the first comes back as a
// standby.

import { overlapOf } from "#history/spans.ts";
import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type NodeName, otherServiceNode, type ServiceNode } from "#spec/node.ts";
import { type Checker, msOf, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import {
  activeSpans,
  beforeNs,
  effectNs,
  faultOn,
  isServing,
  loadEndNs,
  marksOf,
  returnNs,
  touchNs,
} from "../queries/history-queries.ts";
import { unlessContended } from "../queries/contention.ts";
import { served, serviceFigures } from "../queries/service.ts";
import * as node from "./node-assertions.ts";

interface Course {
  failing: ServiceNode;
  taking: ServiceNode;
  touchedNs: number;
  effectNs: number;
  /** When the repair of the failing node began. */
  returnNs: number;
  endNs: number;
}

/**
 * FAIL-1: Alpha fails; the VIP moves to Beta, which promotes; a repaired Alpha rejoins as standby. Where Beta then
 * fails as the only active node, the same holds with the two in each other's place.
 */
export const alphaFails: Checker = {
  entry: "FAIL-1",
  check(view) {
    const course = courseOf(view, "alpha");
    if (!course) return rulingOf([undecided("alpha failed", "no fault took effect on alpha")], {});
    const back = courseOf(view, "beta", course.endNs);
    const assertions = [course, ...(back ? [back] : [])].flatMap((one) => [
      ...before(view, one),
      ...comesBackAsStandby(view, one),
    ]);
    return rulingOf([...assertions, ...served(view)], figures(view, course));
  },
};

/** FAIL-5: Alpha is isolated: it stops; Beta may promote; Alpha rejoins as standby when the network heals. */
export const alphaIsolated: Checker = {
  entry: "FAIL-5",
  check(view) {
    const course = courseOf(view, "alpha");
    if (!course) return rulingOf([undecided("alpha was isolated", "no fault took effect on alpha")], {});
    const assertions = [
      ...before(view, course),
      stopsServing(view, course),
      answersNobody(view, course),
      neverTogether(view),
      ...comesBackAsStandby(view, course),
      ...served(view),
    ];
    return rulingOf(assertions, figures(view, course));
  },
};

/** The first fault of the node that took effect since then. */
function courseOf(view: HistoryView, failing: ServiceNode, sinceNs = -Infinity): Course | undefined {
  const life = faultOn(view, failing, sinceNs);
  if (!life) return undefined;
  const repaired = marksOf(view, "repaired").find(({ event }) => event.t > effectNs(life));
  const marked = repaired?.event.t ?? Infinity;
  const taking = otherServiceNode(failing);
  // The scenario may then let the other node fail. That is another course.
  const next = faultOn(view, taking, effectNs(life));
  const endNs = Math.min(loadEndNs(view), next ? touchNs(next) : Infinity);
  return {
    failing,
    taking,
    endNs,
    touchedNs: beforeNs(life),
    effectNs: effectNs(life),
    returnNs: Math.min(returnNs(life), marked, endNs),
  };
}

function before(view: HistoryView, course: Course): Assertion[] {
  const window = { fromNs: course.effectNs, toNs: course.returnNs };
  return [node.wasActive(view, course.failing, course.touchedNs), node.tookOver(view, course.taking, window)];
}

function comesBackAsStandby(view: HistoryView, course: Course): Assertion[] {
  const { failing, taking, endNs } = course;
  const after = { fromNs: course.returnNs, toNs: endNs };
  return [
    node.stayedActive(view, taking, after),
    node.notActive(view, failing, after),
    node.isStandby(view, failing, endNs),
    node.replicasCurrent(view, failing, course.returnNs),
    node.servedAtTheEnd(view, taking, endNs),
  ];
}

/**
 * The isolated node is no longer active when the other node may act at the earliest: `failoverMinS` after the effect.
 * It notices the loss by its reach probes, not by the end of its lease. The reference node needs 1.6 s.
 */
function stopsServing(view: HistoryView, course: Course): Assertion {
  const boundNs = view.bounds.failoverMinS * nsPerS;
  const says = `${course.failing} stopped serving within ${view.bounds.failoverMinS} s of the cut`;
  const deadlineNs = course.effectNs + boundNs;
  if (course.returnNs < deadlineNs) return undecided(says, "the cut was shorter");
  const still = activeSpans(view, course.failing).find((span) => span.fromNs <= deadlineNs && span.toNs > deadlineNs);
  const again = activeSpans(view, course.failing).find(
    (span) => span.fromNs > deadlineNs && span.fromNs < course.returnNs,
  );
  if (again)
    return refuted(says, `it was active again ${secondsOf(again.fromNs - course.effectNs)} s after it`, again.events);
  if (!still) return kept(says);
  const tookNs = Math.min(still.toNs, course.returnNs) - course.effectNs;
  const assertion = refuted(says, `it was still active ${secondsOf(tookNs)} s after it`, still.events);
  const span = { fromNs: course.effectNs, toNs: course.effectNs + tookNs };
  return unlessContended(view, span, { assertion, late: { tookNs, boundNs } });
}

/** Once the other node is active, no client on either side of the cut gets an answer from the isolated node. */
function answersNobody(view: HistoryView, course: Course): Assertion {
  const says = `${course.failing} acknowledged nothing once ${course.taking} was active`;
  const taken = activeSpans(view, course.taking).find((span) => span.fromNs >= course.effectNs);
  const sinceNs = taken?.fromNs ?? course.effectNs;
  if (!taken) {
    const cut = { fromNs: course.effectNs, toNs: course.returnNs };
    const late = { tookNs: cut.toNs - cut.fromNs, boundNs: view.bounds.failoverMaxS * nsPerS };
    return unlessContended(view, cut, { assertion: missed(says, `${course.taking} never became active`), late });
  }
  let triedInside = 0;
  for (const operation of view.operations) {
    if (operation.endNs < course.effectNs || operation.invokeNs > course.returnNs) continue;
    if (operation.process.startsWith(`${course.failing}-`)) triedInside += 1;
    if (isServing(operation) && operation.node === course.failing && operation.invokeNs >= sinceNs)
      return refuted(says, `it answered operation ${operation.op} of ${operation.process}`, [operation.index]);
  }
  if (triedInside === 0) return undecided(says, `no client inside ${course.failing} called it while it was cut off`);
  return kept(says, { saw: `${triedInside} calls were tried inside ${course.failing}`, events: taken.events });
}

/** Alpha and Beta were certainly never active at the same instant. DUAL-0 judges possible overlaps. */
function neverTogether(view: HistoryView): Assertion {
  const says = "alpha and beta were never active together";
  for (const a of view.spans.alpha.active)
    for (const b of view.spans.beta.active) {
      const { certainNs } = overlapOf(a, b);
      if (certainNs > 0) return refuted(says, `both were active for ${msOf(certainNs)} ms`, [...a.events, ...b.events]);
    }
  return kept(says);
}

function figures(view: HistoryView, course: Course): Figures {
  const firstOf = (of: NodeName) => activeSpans(view, of).find((span) => span.fromNs >= course.effectNs);
  const old = activeSpans(view, course.failing).find(
    (span) => span.fromNs <= course.effectNs && span.toNs >= course.effectNs,
  );
  const taken = firstOf(course.taking);
  return {
    stoppedAfterS: old ? secondsOf(old.toNs - course.effectNs) : 0,
    takenAfterS: taken ? secondsOf(taken.fromNs - course.effectNs) : null,
    outS: secondsOf(course.returnNs - course.effectNs),
    ...serviceFigures(view),
  };
}
