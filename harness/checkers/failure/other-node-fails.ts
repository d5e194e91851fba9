// FAIL-2, FAIL-3 and FAIL-6: a node that is not active fails or is cut off. No role changes, the other two nodes go on
// to acknowledge facts, and the node rejoins.

import { type HistoryView, markOf } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Checker, msOf, nsPerMs, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import {
  beforeNs,
  effectNs,
  faultOn,
  firstAnswer,
  isOutside,
  loadEndNs,
  longestOutageNs,
  returnNs,
} from "../queries/history-queries.ts";
import { served, serviceFigures } from "../queries/service.ts";
import * as node from "./node-assertions.ts";

/** FAIL-2: Beta fails; no role change; Beta rejoins as standby. */
export const betaFails: Checker = { entry: "FAIL-2", check: (view) => judge(view, "beta") };

/** FAIL-3: Gamma fails; JetStream keeps a quorum of two; Gamma rejoins. */
export const gammaFails: Checker = { entry: "FAIL-3", check: (view) => judge(view, "gamma") };

/** FAIL-6: Gamma is isolated; no role change; a quorum of two. */
export const gammaIsolated: Checker = { entry: "FAIL-6", check: (view) => judge(view, "gamma") };

function judge(view: HistoryView, failing: NodeName) {
  const life = faultOn(view, failing);
  if (!life) return rulingOf([undecided(`${failing} failed`, `no fault took effect on ${failing}`)], {});
  const out = { fromNs: effectNs(life), toNs: Math.min(returnNs(life), markOf(view, "repaired")?.event.t ?? Infinity) };
  const endNs = loadEndNs(view);
  const whole = { fromNs: markOf(view, "steady")?.event.t ?? beforeNs(life), toNs: endNs };
  const others = nodeNames.filter((name) => name !== "alpha");
  const assertions = [
    node.wasActive(view, "alpha", beforeNs(life)),
    node.stayedActive(view, "alpha", { fromNs: beforeNs(life), toNs: endNs }),
    ...others.map((name) => (name === "gamma" ? node.neverServed : node.stayedStandby)(view, name, whole)),
    node.noLongerOutage(view, whole, {
      says: `no client waited longer than ${view.bounds.outageMaxMs} ms`,
      boundNs: view.bounds.outageMaxMs * nsPerMs,
    }),
    acknowledgedMeanwhile(view, { ...out, toNs: Math.min(out.toNs, endNs) }),
    failing === "gamma" ? node.isRunning(view, failing, endNs) : node.isStandby(view, failing, endNs),
    node.replicasCurrent(view, failing, out.toNs),
    node.servedAtTheEnd(view, "alpha"),
    ...served(view),
  ];
  return rulingOf(assertions, {
    longestOutageMs: msOf(longestOutageNs(view, whole.fromNs, whole.toNs)),
    outS: secondsOf(Math.min(out.toNs, endNs) - out.fromNs),
    ...serviceFigures(view),
  });
}

/** Facts were acknowledged while the node was out. */
function acknowledgedMeanwhile(view: HistoryView, out: node.Window): Assertion {
  const says = "facts were acknowledged while the node was out";
  const answer = firstAnswer(
    view,
    (o) => o.f === "append" && isOutside(o.process) && o.invokeNs >= out.fromNs && o.endNs <= out.toNs,
  );
  if (answer) return kept(says, { events: [answer.index] });
  const lengthMs = msOf(out.toNs - out.fromNs);
  // An election may fill a time that is shorter than the budget. That decides nothing.
  if (lengthMs < view.bounds.outageMaxMs)
    return undecided(says, `it was out for only ${lengthMs} ms, and nothing was acknowledged`);
  const late = { tookNs: out.toNs - out.fromNs, boundNs: view.bounds.outageMaxMs * nsPerMs };
  const assertion = missed(says, `no fact was acknowledged in ${lengthMs} ms`);
  return unlessContended(view, out, { assertion, late });
}
