// MECH-3: a node whose JetStream is down does not get the VIP. Beta's server is down when Alpha fails. Beta stays
// without the address for longer than a takeover takes, and gets it when its server is back.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { type Checker, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import * as node from "../failure/node-assertions.ts";
import { beforeNs, effectNs, faultOn, loadEndNs, meeting, returnNs, targetOf } from "../queries/history-queries.ts";
import { specOf, takeoverNs } from "../queries/zone-timers.ts";

export const deniedWithoutJetstream: Checker = {
  entry: "MECH-3",
  check(view) {
    const alpha = faultOn(view, "alpha");
    const beta = view.faults.find((life) => life.nodes.includes("beta") && targetOf(life) === "nats-server");
    if (!alpha || !beta)
      return rulingOf([undecided("beta's server was down and alpha failed", "one of the two did not happen")], {});
    const denied = { fromNs: effectNs(alpha), toNs: Math.min(returnNs(beta), returnNs(alpha), loadEndNs(view)) };
    const assertions = [
      serverWasDown(view, effectNs(beta), effectNs(alpha)),
      node.wasActive(view, "alpha", beforeNs(alpha)),
      watchedLongEnough(view, denied),
      vipStayedAway(view, denied),
      node.noneAnswered(view, denied),
      // Once Alpha is back, its own release may bring the VIP to Beta.
      node.tookOver(view, "beta", { fromNs: denied.toNs, toNs: Math.min(returnNs(alpha), loadEndNs(view)) }),
    ];
    return rulingOf(assertions, { deniedS: secondsOf(denied.toNs - denied.fromNs) });
  },
};

/** Beta's server did not answer on Beta's own loopback. */
function serverWasDown(view: HistoryView, fromNs: number, toNs: number): Assertion {
  const says = "beta's server did not answer before alpha failed";
  const asked = eventsOf(view.history, "server").findLast(
    ({ event }) => event.node === "beta" && event.t >= fromNs && event.t <= toNs,
  );
  if (!asked) return undecided(says, "it was not asked");
  return asked.event.isReachable ? undecided(says, "it answered") : kept(says, { events: [asked.index] });
}

function watchedLongEnough(view: HistoryView, denied: node.Window): Assertion {
  const says = "beta was watched for longer than a takeover needs";
  const neededNs = takeoverNs(specOf(view));
  if (denied.toNs - denied.fromNs >= neededNs) return kept(says);
  return undecided(says, `it was watched for ${secondsOf(denied.toNs - denied.fromNs)} s of ${secondsOf(neededNs)} s`);
}

function vipStayedAway(view: HistoryView, denied: node.Window): Assertion {
  const says = "the VIP stayed away from beta while its server was down";
  const owns = meeting(view.spans.beta.owns, denied.fromNs, denied.toNs);
  if (!owns) return kept(says);
  return refuted(says, `it came ${secondsOf(owns.fromNs - denied.fromNs)} s after alpha failed`, [owns.events[0]]);
}
