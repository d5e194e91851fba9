// DUAL-5: only the promotion flow starts a controller; no supervisor restarts one. On the standby, a controller that
// was started by hand and refused stays down. On the active node, a killed controller stays down until the node gets
// the VIP again.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { isServiceNode } from "#spec/node.ts";
import { type Checker, msOf } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { meeting, targetOf } from "../queries/history-queries.ts";
import { type HandStart, startsByHand } from "./by-hand.ts";
import { controllersIn, unlessJustLost } from "./listeners.ts";
import { firstIn, triesOf, type Try } from "./tries.ts";

export const promotionAlone: Checker = {
  entry: "DUAL-5",
  check(view) {
    const crashes = triesOf(view, (life) => life.fault === "process-kill" && targetOf(life) === "controller");
    const starts = startsByHand(view).filter(({ closed }) => closed.includes("vip"));
    const assertions = [
      ...starts.map((one) => staysDown(view, one)),
      standbyRunsNone(view),
      ...crashes.map((one) => notBeforePromotion(view, one)),
    ];
    if (starts.length === 0) assertions.push(undecided("a controller ended on the standby", "none was started there"));
    if (crashes.length === 0)
      assertions.push(undecided("a controller ended on the active node", "none was killed there"));
    return rulingOf(assertions, { afterCrash: crashes.map((one) => courseOf(view, one)) });
  },
};

/** Watched for longer than a supervisor usually waits between two starts, one second. */
function staysDown(view: HistoryView, { node, seen, left, isRefused, index, atNs, toNs }: HandStart): Assertion {
  const says = `a controller that ended on ${node} without the VIP was not started again`;
  if (isRefused) return kept(says, { saw: "none ever ran there", events: [index] });
  if (seen === 0) return undecided(says, "no controller was seen to start");
  if (left > 0) {
    // A controller checks its gates and ends. Under CPU contention even that may take longer than the watch.
    const assertion = refuted(says, `${left} still ran at the end of the watch`, [index]);
    return unlessContended(view, { fromNs: atNs, toNs }, { assertion });
  }
  if (seen > 1) return refuted(says, `${seen} were seen one after the other`, [index]);
  return kept(says, { events: [index] });
}

/** By the process table of every inspection. */
function standbyRunsNone(view: HistoryView): Assertion {
  const says = "no controller ran on a node without the VIP";
  const looked = eventsOf(view.history, "inspection").filter(({ event: { node, t } }) => {
    return isServiceNode(node) && !meeting(view.spans[node].owns, t, t);
  });
  const found = looked.filter(({ event }) => controllersIn(view, event).length > 0);
  if (found.length > 0)
    return overAll(
      says,
      found.map(({ event, index }) => unlessJustLost(view, event, refuted(says, `one ran on ${event.node}`, [index]))),
    );
  return looked.length > 0
    ? kept(says, { events: looked.map(({ index }) => index) })
    : undecided(says, "no standby was inspected");
}

/** No listener came back while the node kept the VIP that it had when the controller was killed. */
function notBeforePromotion(view: HistoryView, one: Try): Assertion {
  const says = `the controller killed on ${one.node} was not started again without a new promotion`;
  const owned = firstIn(view.spans[one.node].owns, one.touchedNs, one.touchedNs);
  const next = view.spans[one.node].listens.find((span) => span.fromNs > one.effectNs);
  if (!one.active || !owned) return undecided(says, `${one.node} was not active then`);
  if (next && next.fromNs <= owned.latestNs)
    return refuted(says, `it listened again ${msOf(next.fromNs - one.effectNs)} ms after it was killed`, next.events);
  return kept(says, { events: owned.events });
}

/** A sentence for the report. */
function courseOf(view: HistoryView, one: Try): string {
  const owned = firstIn(view.spans[one.node].owns, one.touchedNs, one.touchedNs);
  if (!owned || owned.toNs >= one.endNs) return `${one.node}: left down, and the VIP stayed`;
  return `${one.node}: left down, and the VIP given up at most ${msOf(owned.latestNs - one.touchedNs)} ms after the kill`;
}
