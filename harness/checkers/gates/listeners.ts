// DUAL-2: the controller listens on the VIP, and never on a wildcard or another address. Two witnesses: the observer
// sees the RPC port over the whole run, and inspections show every socket of a controller's process.

import type { InspectionEvent } from "#history/event.ts";
import { isWildcard, unmapped } from "#history/local-address.ts";
import { eventsOf, type HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { answersTo } from "#spec/program.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { unknownSockets } from "../network/unknown-sockets.ts";
import { strayTimes } from "../queries/history-queries.ts";

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
  const looked = eventsOf(view.history, "inspection").filter(({ event }) => controllersIn(event).length > 0);
  if (looked.length === 0) return undecided(says, "no inspection shows a controller");
  for (const { event, index } of looked) {
    const others = foreignListeners(event, [only]);
    if (others.length > 0) return refuted(says, `the one on ${event.node} listened on ${others.join(", ")}`, [index]);
    const pids = controllersIn(event);
    const open = unknownSockets(view, event).find(({ pid }) => pid !== undefined && pids.includes(pid));
    if (open) return refuted(says, `the one on ${event.node} had a ${open.protocol} socket on ${open.local}`, [index]);
  }
  return kept(says, { events: looked.map(({ index }) => index) });
}

/** PIDs of controllers. */
export function controllersIn(inspection: InspectionEvent): number[] {
  return inspection.processes.filter((one) => answersTo("controller", one)).map(({ pid }) => pid);
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
  const wrong = looked.find(({ event }) => controllersIn(event).length > 0 && !hasVip(event));
  if (wrong) return [refuted(says, "an inspection shows one", [wrong.index])];
  return looked.length > 0 ? [kept(says, { events: looked.map(({ index }) => index) })] : [];
}

/** Listeners of controllers in that inspection, except `known`. */
export function foreignListeners(inspection: InspectionEvent, known: readonly string[]): string[] {
  const pids = controllersIn(inspection);
  return inspection.sockets
    .filter(({ state, pid }) => state === "LISTEN" && pid !== undefined && pids.includes(pid))
    .map(({ local }) => local)
    .filter((local) => !known.includes(unmapped(local)));
}
