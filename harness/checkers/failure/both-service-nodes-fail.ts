// FAIL-4: Alpha and Beta both fail. There is no controller and no quorum, and Gamma acknowledges nothing. The repair of
// one of the two restores the zone; the other rejoins as its standby.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { isServiceNode, type NodeName, otherServiceNode, type ServiceNode, serviceNodes } from "#spec/node.ts";
import { type Checker, nsPerMs, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import {
  activeAt,
  effectNs,
  faultOn,
  firstAnswer,
  isOutside,
  loadEndNs,
  marksOf,
  returnNs,
  touchNs,
} from "../queries/history-queries.ts";
import { answersEachRequest, backToFullRate, serviceFigures } from "../queries/service.ts";
import * as node from "./node-assertions.ts";

export const bothServiceNodesFail: Checker = {
  entry: "FAIL-4",
  check(view) {
    const lives = serviceNodes.map((name) => faultOn(view, name));
    if (lives.some((life) => !life))
      return rulingOf([undecided("alpha and beta failed", "one of them was not seen to fail")], {});
    const endNs = loadEndNs(view);
    const repairs = marksOf(view, "repaired").map(({ event }) => event);
    const firstBackNs = Math.min(...lives.map(returnNs), repairs[0]?.t ?? Infinity, endNs);
    const down = { fromNs: Math.max(...lives.map(effectNs)), toNs: firstBackNs };
    if (down.toNs <= down.fromNs)
      return rulingOf([undecided("alpha and beta were down together", "one came back before the other failed")], {});
    const restored = firstAnswer(view, (o) => isOutside(o.process) && o.invokeNs >= down.toNs);
    // The pattern gives no bound for the time to restore both. Service counts once the zone is back.
    const backNs = (restored?.endNs ?? Infinity) + view.bounds.requestMaxMs * nsPerMs;
    const assertions = [
      node.noneAnswered(view, down),
      nothingAcknowledgedByGamma(view, down),
      node.neverServed(view, "gamma", { fromNs: view.firstNs, toNs: endNs }),
      ...oneRestores(view, { fromNs: down.toNs, toNs: endNs }),
      answersEachRequest(view, { fromNs: backNs, toNs: endNs }),
      backToFullRate(view, { fromNs: down.toNs, toNs: endNs }),
    ];
    return rulingOf(assertions, {
      bothDownS: secondsOf(down.toNs - down.fromNs),
      restoredAfterS: restored ? secondsOf(restored.endNs - down.toNs) : null,
      ...serviceFigures(view),
    });
  },
};

/** While Gamma was alone, no write on its loopback was acknowledged. The same write was, while all three ran. */
function nothingAcknowledgedByGamma(view: HistoryView, down: node.Window): Assertion {
  const says = "gamma alone acknowledged nothing";
  const tried = eventsOf(view.history, "quorum").filter(
    ({ event }) => event.node === "gamma" && event.t >= down.fromNs && event.t <= down.toNs,
  );
  const acknowledged = tried.find(({ event }) => event.isAcknowledged);
  if (acknowledged) return refuted(says, "a write on its loopback was acknowledged", [acknowledged.index]);
  if (tried.length === 0) return undecided(says, "no write was tried on it");
  const before = eventsOf(view.history, "quorum").findLast(
    ({ event }) => event.node === "gamma" && event.t < Math.min(...view.faults.map(touchNs)),
  );
  if (!before) return undecided(says, "no write was tried on it while all three ran");
  if (!before.event.isAcknowledged)
    return undecided(says, `the same write failed while all three ran (${before.event.error ?? "no reason given"})`);
  return kept(says, { events: tried.slice(0, 3).map(({ index }) => index) });
}

/** The node that was repaired first serves before the other is back. The other then rejoins as its standby. */
function oneRestores(view: HistoryView, after: node.Window): Assertion[] {
  const repairs = marksOf(view, "repaired").map(({ event }) => event);
  // Repaired together, either node may serve. Repaired one after the other, the first must serve while it is alone.
  const apartNs = (repairs[1]?.t ?? Infinity) - (repairs[0]?.t ?? 0);
  const isApart = apartNs >= view.bounds.failoverMinS * nsPerS;
  const named = isApart ? serviceNodeOf(repairs[0]?.detail.node) : undefined;
  const first = named ?? serviceNodeOf(activeAt(view, after.toNs));
  if (!first) {
    const assertion = missed("one recovered node restored the zone", "no node was active at the end");
    return [unlessContended(view, after, { assertion })];
  }
  const other = otherServiceNode(first);
  const otherBackNs = isApart ? (repairs[1]?.t ?? after.toNs) : after.toNs;
  return [
    answersAgain(view, first, { fromNs: after.fromNs, toNs: otherBackNs }),
    node.stayedActive(view, first, { fromNs: Math.min(otherBackNs, after.toNs), toNs: after.toNs }),
    node.isStandby(view, other, after.toNs),
    node.replicasCurrent(view, other, after.fromNs),
    node.servedAtTheEnd(view, first),
  ];
}

function answersAgain(view: HistoryView, first: ServiceNode, window: node.Window): Assertion {
  const says = `${first}, once back, restored the zone`;
  const answer = firstAnswer(
    view,
    (o) => isOutside(o.process) && o.node === first && o.invokeNs >= window.fromNs && o.endNs <= window.toNs,
  );
  if (answer) return kept(says, { events: [answer.index] });
  const assertion = missed(says, `it answered no client in ${secondsOf(window.toNs - window.fromNs)} s`);
  return unlessContended(view, window, { assertion });
}

function serviceNodeOf(name: NodeName | undefined): ServiceNode | undefined {
  return name && isServiceNode(name) ? name : undefined;
}
