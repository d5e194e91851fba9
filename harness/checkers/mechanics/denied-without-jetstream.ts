// MECH-3: a node whose JetStream is down does not get the VIP. The standby's server is down when the active node fails.
// The standby stays without the address for longer than a takeover takes, and gets it when its server is back.

import { eventsOf, type FaultLife, type HistoryView } from "#history/view.ts";
import { isServiceNode, otherServiceNode, type ServiceNode } from "#spec/node.ts";
import { type Checker, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import * as node from "../failure/node-assertions.ts";
import { beforeNs, effectNs, faultOn, loadEndNs, meeting, returnNs, targetOf } from "../queries/history-queries.ts";
import { specOf, takeoverNs } from "../queries/zone-timers.ts";

export const deniedWithoutJetstream: Checker = {
  entry: "MECH-3",
  check(view) {
    const tries = view.faults.flatMap((life) => triesOf(view, life));
    if (tries.length === 0)
      return rulingOf([undecided("a standby's server was down and the active node failed", "they did not")], {});
    const deniedS = Math.min(...tries.map(({ denied }) => secondsOf(denied.toNs - denied.fromNs)));
    return rulingOf(
      tries.flatMap((one) => judged(view, one)),
      { deniedS },
    );
  },
};

interface Try {
  standby: ServiceNode;
  /** The fault of the standby's server. */
  down: FaultLife;
  /** The fault of the active node. */
  failed: FaultLife;
  denied: node.Window;
}

function triesOf(view: HistoryView, down: FaultLife): Try[] {
  const standby = targetOf(down) === "nats-server" ? down.nodes.find(isServiceNode) : undefined;
  const failed = standby && faultOn(view, otherServiceNode(standby), effectNs(down));
  if (!failed) return [];
  const toNs = Math.min(returnNs(down), returnNs(failed), loadEndNs(view));
  return [{ standby, down, failed, denied: { fromNs: effectNs(failed), toNs } }];
}

function judged(view: HistoryView, { standby, down, failed, denied }: Try): Assertion[] {
  return [
    serverWasDown(view, standby, { fromNs: effectNs(down), toNs: effectNs(failed) }),
    node.wasActive(view, otherServiceNode(standby), beforeNs(failed)),
    watchedLongEnough(view, standby, denied),
    vipStayedAway(view, standby, denied),
    node.noneAnswered(view, denied),
    // Once the other node is back, its own release may bring the VIP.
    node.tookOver(view, standby, { fromNs: denied.toNs, toNs: Math.min(returnNs(failed), loadEndNs(view)) }),
  ];
}

/** It did not answer on the loopback of its own node. */
function serverWasDown(view: HistoryView, standby: ServiceNode, { fromNs, toNs }: node.Window): Assertion {
  const says = `${standby}'s server did not answer before ${otherServiceNode(standby)} failed`;
  const asked = eventsOf(view.history, "server").findLast(
    ({ event }) => event.node === standby && event.t >= fromNs && event.t <= toNs,
  );
  if (!asked) return undecided(says, "it was not asked");
  return asked.event.isReachable ? undecided(says, "it answered") : kept(says, { events: [asked.index] });
}

function watchedLongEnough(view: HistoryView, standby: ServiceNode, denied: node.Window): Assertion {
  const says = `${standby} was watched for longer than a takeover needs`;
  const neededNs = takeoverNs(specOf(view));
  if (denied.toNs - denied.fromNs >= neededNs) return kept(says);
  return undecided(says, `it was watched for ${secondsOf(denied.toNs - denied.fromNs)} s of ${secondsOf(neededNs)} s`);
}

function vipStayedAway(view: HistoryView, standby: ServiceNode, denied: node.Window): Assertion {
  const says = `the VIP stayed away from ${standby} while its server was down`;
  const owns = meeting(view.spans[standby].owns, denied.fromNs, denied.toNs);
  if (!owns) return kept(says);
  const atS = secondsOf(owns.fromNs - denied.fromNs);
  return refuted(says, `it came ${atS} s after ${otherServiceNode(standby)} failed`, [owns.events[0]]);
}
