// DUAL-2: the controller listens on the VIP, and never on a wildcard or another address. Two witnesses: the observer
// sees the RPC port over the whole run, and inspections show every socket of a controller's process.

import type { InspectionEvent } from "#history/event.ts";
import { isWildcard, unmapped } from "#history/local-address.ts";
import { eventsOf, type HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Checker, nsPerS } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { unknownSockets } from "../network/unknown-sockets.ts";
import { unlessContended } from "../queries/contention.ts";
import { strayTimes } from "../queries/history-queries.ts";
import { isProgram } from "../queries/judged-node.ts";

export const listensOnVipOnly: Checker = {
  entry: "DUAL-2",
  check(view) {
    const { vip, rpcPort } = view.endpoint;
    const only = `${vip}:${rpcPort}`;
    const listened = nodeNames.reduce((sum, node) => sum + view.spans[node].listens.length, 0);
    return rulingOf([rpcPortOnVip(view, only), nowhereElse(view, only)], { listened });
  },
};

function rpcPortOnVip(view: HistoryView, only: string): Assertion {
  const says = `every listener on the RPC port was on ${only}`;
  for (const node of nodeNames) {
    const strays = strayTimes(view, node);
    for (const { event, index } of view.observations[node]) {
      const isStray = strays.some(({ fromNs, toNs }) => event.t >= fromNs && event.t <= toNs);
      const other = event.listens.find(
        (at) => unmapped(at) !== only && !(isStray && isWildcard(at, view.endpoint.rpcPort)),
      );
      if (other) return refuted(says, `${node} listened on ${other}`, [index]);
    }
  }
  const seen = nodeNames.flatMap((node) => view.spans[node].listens.map((span) => span.events[0]));
  return seen.length > 0 ? kept(says, { events: seen }) : undecided(says, "no listener was seen at all");
}

/** An inspection of a controller shows its listeners on every port. */
function nowhereElse(view: HistoryView, only: string): Assertion {
  const says = "no controller listened anywhere else";
  const looked = eventsOf(view.history, "inspection").filter(({ event }) => controllersIn(view, event).length > 0);
  if (looked.length === 0) return undecided(says, "no inspection shows a controller");
  for (const { event, index } of looked) {
    const others = foreignListeners(view, event, [only]);
    if (others.length > 0) return refuted(says, `the one on ${event.node} listened on ${others.join(", ")}`, [index]);
    const pids = controllersIn(view, event);
    const open = unknownSockets(view, event).find(({ pid }) => pid !== undefined && pids.includes(pid));
    if (open) return refuted(says, `the one on ${event.node} had a ${open.protocol} socket on ${open.local}`, [index]);
  }
  return kept(says, { events: looked.map(({ index }) => index) });
}

/** PIDs of controllers. */
export function controllersIn(view: HistoryView, inspection: InspectionEvent): number[] {
  return inspection.processes.filter((one) => isProgram(view, "controller", one)).map(({ pid }) => pid);
}

/** No inspection of the node in that time shows a controller on it without the VIP. Empty without an inspection. */
export function noControllerWithoutVip(
  view: HistoryView,
  node: NodeName,
  { fromNs, toNs }: { fromNs: number; toNs: number },
): Assertion[] {
  const says = `${node} ran no controller without the VIP`;
  const looked = eventsOf(view.history, "inspection").filter(
    ({ event }) => event.node === node && event.t >= fromNs && event.t <= toNs,
  );
  const hasVip = ({ addresses }: InspectionEvent) => addresses.some(({ address }) => address === view.endpoint.vip);
  const wrong = looked.filter(({ event }) => controllersIn(view, event).length > 0 && !hasVip(event));
  if (wrong.length > 0)
    return [
      overAll(
        says,
        wrong.map(({ event, index }) => unlessJustLost(view, event, refuted(says, "an inspection shows one", [index]))),
      ),
    ];
  return looked.length > 0 ? [kept(says, { events: looked.map(({ index }) => index) })] : [];
}

/** A demotion takes the VIP first and then ends the controller, which has 700 ms for it. */
export const endingNs = 2 * nsPerS;

/**
 * An inspection shows a controller without the VIP. On a contended machine the controller may be late to end, and the
 * inspection reads the addresses later than the processes.
 */
export function unlessJustLost(view: HistoryView, { node, t }: InspectionEvent, assertion: Assertion): Assertion {
  const owned = view.spans[node].owns.findLast((one) => !one.isOnlyPossible && one.fromNs <= t);
  if (!owned) return assertion;
  const lostNs = Math.min(owned.toNs, t);
  // No controller outlives its node.
  if (view.spans[node].down.some((one) => one.latestNs >= lostNs && one.earliestNs <= t)) return assertion;
  return unlessContended(
    view,
    { fromNs: lostNs, toNs: t },
    { assertion, late: { tookNs: t - lostNs, boundNs: endingNs } },
  );
}

/** Listeners of controllers in that inspection, except `known`. */
export function foreignListeners(view: HistoryView, inspection: InspectionEvent, known: readonly string[]): string[] {
  const pids = controllersIn(view, inspection);
  return inspection.sockets
    .filter(({ state, pid }) => state === "LISTEN" && pid !== undefined && pids.includes(pid))
    .map(({ local }) => local)
    .filter((local) => !known.includes(unmapped(local)));
}
