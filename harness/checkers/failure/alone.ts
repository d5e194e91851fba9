// FAIL-9 and FAIL-10: one service node is alone, because the other one and Gamma failed. It has no quorum: it
// acknowledges nothing and serves no client, and an active one gives up its role in time. Once Gamma is back it serves.

import { eventsOf, type FaultLife, type HistoryView } from "#history/view.ts";
import { otherServiceNode, type ServiceNode } from "#spec/node.ts";
import { type Checker, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import {
  beforeNs,
  effectNs,
  firstAnswer,
  firstAppends,
  isOutside,
  loadEndNs,
  meeting,
  returnNs,
  touchNs,
} from "../queries/history-queries.ts";
import * as node from "./node-assertions.ts";
import { isProgram } from "../queries/judged-node.ts";

export const betaAlone = alone("FAIL-9", "beta");
export const alphaAlone = alone("FAIL-10", "alpha");

function alone(entry: string, lone: ServiceNode): Checker {
  const other = otherServiceNode(lone);
  return {
    entry,
    check(view) {
      const pair = downTogether(view, lone);
      if (!pair) return rulingOf([undecided(`${other} and gamma failed together`, "they were not seen to")], {});
      const first = pair.reduce((a, b) => (touchNs(a) < touchNs(b) ? a : b));
      const down = { fromNs: Math.max(...pair.map(effectNs)), toNs: Math.min(...pair.map(returnNs)) };
      const endNs = Math.min(loadEndNs(view), ...view.faults.map(touchNs).filter((ns) => ns > down.toNs));
      const after = { fromNs: down.toNs, toNs: endNs };
      const wasActive = lone === activeBefore(view, first);
      const givenUpNs = wasActive ? down.fromNs + view.bounds.failoverMinS * nsPerS : down.fromNs;
      const gone = { fromNs: givenUpNs, toNs: down.toNs };
      const inTime = (assertion: Assertion) => (wasActive ? unlessLate(view, { lone, down }, assertion) : assertion);
      const back = firstAnswer(view, (o) => isOutside(o.process) && o.node === lone && o.invokeNs >= down.toNs);
      const assertions = [
        activeOne(view, first),
        longEnough(down, gone),
        inTime({ ...node.neverServed(view, lone, gone), says: `${lone}, alone, neither held the VIP nor listened` }),
        inTime({ ...node.noneAnswered(view, gone), says: `${lone}, alone, answered no client` }),
        noFactAcknowledged(view, down),
        storeRefuses(view, lone, { down, first }),
        inTime(noController(view, lone, gone)),
        servesAgain(view, lone, { after, restNs: Math.min(endNs, ...othersBack(view, other, after)) }),
        node.isStandby(view, other, endNs - 1),
        node.servedAtTheEnd(view, lone, endNs),
      ];
      return rulingOf(assertions, {
        bothDownS: secondsOf(down.toNs - down.fromNs),
        restoredAfterS: back ? secondsOf(back.endNs - down.toNs) : null,
      });
    },
  };
}

/** The faults that took the other service node and Gamma while `lone` had none. */
function downTogether(view: HistoryView, lone: ServiceNode): FaultLife[] | undefined {
  const of = (name: "alpha" | "beta" | "gamma") =>
    view.faults.filter((life) => life.nodes.includes(name) && life.traits.node === "ends" && effectNs(life) < Infinity);
  for (const service of of(otherServiceNode(lone)))
    for (const quorum of of("gamma")) {
      const [fromNs, toNs] = [
        Math.max(effectNs(service), effectNs(quorum)),
        Math.min(returnNs(service), returnNs(quorum)),
      ];
      const isAlone = !of(lone).some((life) => effectNs(life) < toNs && returnNs(life) > fromNs);
      if (fromNs < toNs && isAlone) return [service, quorum];
    }
  return undefined;
}

function activeBefore(view: HistoryView, life: FaultLife): ServiceNode {
  const t = beforeNs(life);
  return meeting(view.spans.beta.active, t, t) ? "beta" : "alpha";
}

/** A node that was active may be late to give up its role. It may not take it again. */
function unlessLate(
  view: HistoryView,
  { lone, down }: { lone: ServiceNode; down: node.Window },
  assertion: Assertion,
): Assertion {
  const { owns, listens } = view.spans[lone];
  const held = [...owns, ...listens].filter((one) => !one.isOnlyPossible && one.toNs >= down.fromNs);
  const isHeldAgain = held.some((one) => one.fromNs > down.fromNs && one.fromNs <= down.toNs);
  if (isHeldAgain || held.length === 0) return assertion;
  const endedNs = Math.min(
    down.toNs,
    Math.max(...held.filter((one) => one.fromNs <= down.fromNs).map(({ toNs }) => toNs)),
  );
  const late = { tookNs: endedNs - down.fromNs, boundNs: view.bounds.failoverMinS * nsPerS };
  return unlessContended(view, { fromNs: down.fromNs, toNs: endedNs }, { assertion, late });
}

function activeOne(view: HistoryView, life: FaultLife): Assertion {
  return node.wasActive(view, activeBefore(view, life), beforeNs(life));
}

function longEnough(down: node.Window, gone: node.Window): Assertion {
  const says = "the node was alone for longer than it may need to give up its role";
  const forS = secondsOf(down.toNs - down.fromNs);
  return gone.toNs > gone.fromNs ? kept(says, { saw: `${forS} s` }) : undecided(says, `it was alone for ${forS} s`);
}

/** From the first instant on: a write needs two servers. */
function noFactAcknowledged(view: HistoryView, down: node.Window): Assertion {
  const says = "no fact was acknowledged without a quorum";
  const appends = firstAppends(view).filter(({ invokeNs }) => invokeNs >= down.fromNs && invokeNs <= down.toNs);
  const wrong = appends.find((o) => o.outcome === "ok" && o.endNs <= down.toNs);
  if (wrong)
    return refuted(says, `${wrong.node ?? "an unknown node"} acknowledged operation ${wrong.op}`, [wrong.index]);
  return appends.length > 0 ? kept(says, { saw: `${appends.length} calls` }) : undecided(says, "no client tried");
}

/** A write on its loopback is not acknowledged. The same write was, while all three ran. */
function storeRefuses(view: HistoryView, lone: ServiceNode, at: { down: node.Window; first: FaultLife }): Assertion {
  const says = `the server of ${lone}, alone, acknowledged nothing`;
  const probes = eventsOf(view.history, "quorum").filter(({ event }) => event.node === lone);
  const tried = probes.filter(({ event }) => event.t >= at.down.fromNs && event.t <= at.down.toNs);
  const wrong = tried.find(({ event }) => event.isAcknowledged);
  if (wrong) return refuted(says, "a write on its loopback was acknowledged", [wrong.index]);
  if (tried.length === 0) return undecided(says, "no write was tried on it");
  const before = probes.find(({ event }) => event.t < touchNs(at.first) && event.isAcknowledged);
  if (!before) return undecided(says, "no such write was acknowledged while all three ran");
  return kept(says, { events: [before.index, ...tried.map(({ index }) => index)] });
}

function noController(view: HistoryView, lone: ServiceNode, gone: node.Window): Assertion {
  const says = `${lone}, alone, runs no controller`;
  const looks = eventsOf(view.history, "inspection").filter(
    ({ event }) => event.node === lone && event.t >= gone.fromNs && event.t <= gone.toNs,
  );
  if (looks.length === 0) return undecided(says, "it was not inspected then");
  return overAll(
    says,
    looks.map(({ event, index }) => {
      const found = event.processes.find((one) => isProgram(view, "controller", one));
      return found ? refuted(says, `process ${found.pid} is one`, [index]) : kept(says, { events: [index] });
    }),
  );
}

/** So the quorum was what it lacked. */
function servesAgain(view: HistoryView, lone: ServiceNode, at: { after: node.Window; restNs: number }): Assertion {
  const says = `${lone} served once gamma was back`;
  const { fromNs, toNs } = at.after;
  const answer = firstAnswer(
    view,
    (o) => isOutside(o.process) && o.node === lone && o.invokeNs >= fromNs && o.endNs <= Math.min(toNs, at.restNs),
  );
  if (answer) return kept(says, { saw: `after ${secondsOf(answer.endNs - fromNs)} s`, events: [answer.index] });
  const waited = { fromNs, toNs: Math.min(toNs, at.restNs) };
  const tookNs = waited.toNs - fromNs;
  const assertion = missed(says, `it answered no client in ${secondsOf(tookNs)} s`);
  return unlessContended(view, waited, { assertion, late: { tookNs, boundNs: view.bounds.failoverMaxS * nsPerS } });
}

/** When the other service node began to come back. */
function othersBack(view: HistoryView, other: ServiceNode, after: node.Window): number[] {
  return view.faults
    .filter((life) => life.nodes.includes(other))
    .map(returnNs)
    .filter((ns) => ns > after.fromNs);
}
