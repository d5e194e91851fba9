// BOOT-4: only a keepalived transition starts the controller. In a cold start no node listens before the VIP arrives.
// With keepalived off on both nodes and all else up, no node listens; when keepalived is back, the order of events is
// right.

import { eventsOf, type FaultLife, type HistoryView } from "#history/view.ts";
import { nodeNames, serviceNodes } from "#spec/node.ts";
import { type Checker, nsPerS, type Ruling, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import * as node from "../failure/node-assertions.ts";
import { wireOf } from "../mechanics/adverts.ts";
import {
  type Promotion,
  promotionsIn,
  stagesOf,
  transitionBeforeController,
  vipBeforeController,
} from "../mechanics/promotions.ts";
import { unlessContended } from "../queries/contention.ts";
import { effectNs, loadEndNs, meeting, returnNs, targetOf } from "../queries/history-queries.ts";
import { listensAsOwner } from "../invariants/leadership.ts";
import { noControllerWithoutVip } from "../gates/listeners.ts";
import { specOf, takeoverNs, vrrpSilenceNs } from "../queries/zone-timers.ts";
import { becameSteady, type ColdStart, coldStartOf, watchedThroughout } from "./cold-start.ts";
import { isProgram } from "../queries/judged-node.ts";

export const startedByKeepalived: Checker = {
  entry: "BOOT-4",
  check(view) {
    const off = view.faults.filter((life) => targetOf(life) === "keepalived");
    if (serviceNodes.every((name) => off.some((life) => life.nodes.includes(name)))) return silentWhileOff(view, off);
    const cold = coldStartOf(view);
    if (cold) return inAColdStart(view, cold);
    return rulingOf([undecided("keepalived was off, or the zone had a cold start", "neither is in this history")], {});
  },
};

function inAColdStart(view: HistoryView, cold: ColdStart): Ruling {
  const wire = wireOf(view);
  const promotions = promotionsIn(view, cold.fromNs, cold.endNs);
  const assertions = [
    watchedThroughout(view, cold),
    ...nodeNames.map((name) => neverBeforeTheVip(view, name)),
    ...nodeNames.flatMap((name) => noControllerWithoutVip(view, name, { fromNs: cold.fromNs, toNs: cold.endNs })),
    promotedAtLeastOnce(promotions, becameSteady(view, cold)),
    ...promotions.map(vipBeforeController),
  ];
  return rulingOf(assertions, { promotions: promotions.map((one) => stagesOf(view, wire, one)) });
}

/** A node does not listen before it has had the VIP. */
function neverBeforeTheVip(view: HistoryView, name: (typeof nodeNames)[number]): Assertion {
  const says = `${name} did not listen before it had the VIP`;
  const listens = view.spans[name].listens[0];
  const ownsNs = view.spans[name].owns[0]?.earliestNs ?? Infinity;
  if (!listens || listens.fromNs >= ownsNs) return kept(says);
  const before = Number.isFinite(ownsNs) ? `${secondsOf(ownsNs - listens.fromNs)} s before` : "and never had it";
  return refuted(says, `it listened ${before}`, [...listens.events]);
}

function promotedAtLeastOnce(promotions: readonly Promotion[], steady: Assertion): Assertion {
  const says = "a controller was started";
  if (promotions.length > 0) return kept(says);
  return steady.verdict === "kept" ? missed(says, "none was seen") : undecided(says, "the zone never served");
}

function silentWhileOff(view: HistoryView, off: readonly FaultLife[]): Ruling {
  const wire = wireOf(view);
  const offNs = Math.max(...off.map(effectNs));
  const onNs = Math.min(...off.map(returnNs), loadEndNs(view));
  // By then an owner must be gone, or the other node would be a second MASTER.
  const silent = { fromNs: offNs + vrrpSilenceNs(specOf(view)), toNs: onNs };
  const promotions = promotionsIn(view, onNs, loadEndNs(view));
  const assertions = [
    watchedLongEnough(view, silent),
    ...serviceNodes.map((name) => silentNode(view, name, silent)),
    noControllerRan(view, silent),
    // Before keepalived was off, and after it.
    ...nodeNames.map((name) => listensAsOwner(view, name)),
    serversUp(view, silent),
    ...(silent.toNs > silent.fromNs ? [node.noneAnswered(view, silent)] : []),
    startedAgain(view, promotions, { fromNs: onNs, toNs: loadEndNs(view) }),
    ...promotions.flatMap((one) => [vipBeforeController(one), transitionBeforeController(view, wire, one)]),
  ];
  const stages = promotions.map((one) => stagesOf(view, wire, one));
  return rulingOf(assertions, { silentS: secondsOf(silent.toNs - silent.fromNs), promotions: stages });
}

function startedAgain(view: HistoryView, promotions: readonly Promotion[], after: node.Window): Assertion {
  const says = "a controller was started once keepalived was back";
  if (promotions.length > 0) return kept(says);
  const late = { tookNs: after.toNs - after.fromNs, boundNs: view.bounds.failoverMaxS * nsPerS };
  return unlessContended(view, after, { assertion: missed(says, "none was seen"), late });
}

function watchedLongEnough(view: HistoryView, silent: node.Window): Assertion {
  const says = "the silence was watched for longer than a promotion takes";
  const neededNs = takeoverNs(specOf(view)) - vrrpSilenceNs(specOf(view));
  if (silent.toNs - silent.fromNs >= neededNs) return kept(says);
  return undecided(says, `it was watched for ${secondsOf(silent.toNs - silent.fromNs)} s of ${secondsOf(neededNs)} s`);
}

function silentNode(view: HistoryView, name: (typeof serviceNodes)[number], silent: node.Window): Assertion {
  const says = `${name} did not listen while keepalived was off`;
  const found = meeting(view.spans[name].listens, silent.fromNs, silent.toNs);
  if (!found) return kept(says);
  const forS = secondsOf(Math.min(found.toNs, silent.toNs) - Math.max(found.fromNs, silent.fromNs));
  const assertion = refuted(says, `it listened for ${forS} s`, [...found.events]);
  if (found.fromNs > silent.fromNs) return assertion;
  // It listened before, and ended late: on a contended machine that shows little.
  const endNs = Math.min(found.toNs, silent.toNs);
  const boundNs = vrrpSilenceNs(specOf(view));
  const late = { tookNs: endNs - silent.fromNs + boundNs, boundNs };
  return unlessContended(view, { fromNs: silent.fromNs - boundNs, toNs: endNs }, { assertion, late });
}

/** By the process tables that were read in that time. */
function noControllerRan(view: HistoryView, silent: node.Window): Assertion {
  const says = "no controller ran while keepalived was off";
  const inspections = eventsOf(view.history, "inspection").filter(
    ({ event }) => event.t >= silent.fromNs && event.t <= silent.toNs,
  );
  for (const name of serviceNodes) {
    const looks = inspections.filter(({ event }) => event.node === name);
    if (looks.length === 0) return undecided(says, `the processes of ${name} were not read`);
    for (const { event, index } of looks) {
      const found = event.processes.find((one) => isProgram(view, "controller", one));
      if (found) return refuted(says, `${name} ran "${found.argv.join(" ")}"`, [index]);
    }
  }
  return kept(says, { events: inspections.map(({ index }) => index) });
}

/** Only keepalived was off. */
function serversUp(view: HistoryView, silent: node.Window): Assertion {
  const says = "the servers of all three nodes were up in that time";
  const asked = eventsOf(view.history, "server").filter(
    ({ event }) => event.t >= silent.fromNs && event.t <= silent.toNs,
  );
  for (const name of nodeNames) {
    const answers = asked.filter(({ event }) => event.node === name);
    if (answers.length === 0) return undecided(says, `the server of ${name} was not asked`);
    if (answers.some(({ event }) => !event.isReachable)) return undecided(says, `the server of ${name} did not answer`);
  }
  return kept(says);
}
