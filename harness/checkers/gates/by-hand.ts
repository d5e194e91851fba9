// DUAL-3 and DUAL-4: a controller is started by hand, without the promotion flow. The gates must stop it, and on a node
// without the VIP the kernel must. The process table shows that it started; the observer shows whether it listened.

import type { MarkDetails } from "#history/event.ts";
import { eventsOf, type HistoryView, stateAt } from "#history/view.ts";
import { type ServiceNode, serviceNodes } from "#spec/node.ts";
import { type GateName, gateNames } from "#spec/zone-spec.ts";
import type { Checker } from "../checker.ts";
import { msOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { endOf } from "#history/local-address.ts";
import { collects } from "../queries/evidence.ts";
import { marksOf, meeting } from "../queries/history-queries.ts";
import { isProgram } from "../queries/judged-node.ts";
import { canBePromoted, firstIn, triesAt } from "./tries.ts";

export interface HandStart {
  node: ServiceNode;
  atNs: number;
  /** End of the time in which its processes were watched. */
  toNs: number;
  /** Controller processes seen, and those still there at the end. */
  seen: number;
  left: number;
  /** The node refused the command, and no controller ran. */
  isRefused: boolean;
  /** Gates that were closed, by the faults in effect and by whether the node had the VIP. */
  closed: GateName[];
  index: number;
}

/** Every start by hand, in order. */
export function startsByHand(view: HistoryView): HandStart[] {
  return marksOf(view, "started-by-hand").map(({ event, index }) => {
    const { node, atNs, seen, left } = event.detail;
    const isRefused = isRefusedStart(view, event.detail);
    return { node, atNs, toNs: event.t, seen, left, isRefused, closed: closedGates(view, node, atNs), index };
  });
}

/**
 * A refused command shows nothing if it could never start a controller. So it must name the systemd unit in which the
 * kernel's process table shows a controller. All nodes of a zone have the same command.
 */
function isRefusedStart(view: HistoryView, { code, seen, command }: MarkDetails["started-by-hand"]): boolean {
  if (code === 0 || seen > 0 || command === undefined) return false;
  const controllers = eventsOf(view.history, "inspection").flatMap(({ event }) =>
    event.processes.filter((one) => isProgram(view, "controller", one)),
  );
  const units = new Set(controllers.map(({ unit }) => unit));
  return command.some((word) => units.has(word) || units.has(`${word}.service`));
}

function closedGates(view: HistoryView, node: ServiceNode, atNs: number): GateName[] {
  const isClosedByFault = (gate: GateName) =>
    triesAt(view, gate).some((one) => one.node === node && one.effectNs <= atNs && one.endNs >= atNs);
  const isVipHere = stateAt(view, node, atNs)?.ownsVip === true;
  return gateNames.filter((gate) => (gate === "vip" ? !isVipHere : isClosedByFault(gate)));
}

/** A controller started there and never listened. */
export function startedButDidNotListen(view: HistoryView, start: HandStart): Assertion {
  const { node, atNs, toNs, closed } = start;
  const says = `a controller started by hand on ${node} with ${closed.join(" and ") || "no"} gate closed never listened`;
  const found = firstIn(view.spans[node].listens, atNs, toNs);
  if (found && found.fromNs <= atNs) return undecided(says, `${node} listened already`);
  if (found) return refuted(says, `it listened ${msOf(found.fromNs - atNs)} ms after the command`, found.events);
  if (start.isRefused) return kept(says, { saw: "the node refused the command", events: [start.index] });
  if (start.seen === 0) return undecided(says, "no controller was seen to start");
  return kept(says, { events: [start.index] });
}

/** DUAL-3: one gate is closed at a time. For every gate but the VIP's own, the node has the VIP. */
export const startBehindGates: Checker = {
  entry: "DUAL-3",
  check(view) {
    const starts = startsByHand(view);
    if (starts.length === 0) return rulingOf([undecided("a controller was started by hand", "none was started")], {});
    const assertions = starts.flatMap((start) => [
      startedButDidNotListen(view, start),
      ...oneGateAlone(start),
      canBePromoted(view, start.node, start.toNs),
    ]);
    return rulingOf(assertions, {
      starts: starts.length,
      closed: starts.map(({ node, closed }) => `${node}: ${closed.join("+")}`),
    });
  },
};

/** With several gates closed, a start shows nothing about each. A taken port may be closed beside others. */
function oneGateAlone({ node, closed }: HandStart): Assertion[] {
  const says = `exactly one gate was closed on ${node}`;
  const others = closed.includes("bind") ? [] : closed.slice(1);
  if (closed.length === 0) return [undecided(says, "none was closed")];
  return others.length === 0 ? [] : [undecided(says, `${closed.join(", ")} were closed`)];
}

/** DUAL-4: the kernel refuses the VIP's port to any program of a node without the VIP. */
export const cannotBind: Checker = {
  entry: "DUAL-4",
  check(view) {
    const starts = startsByHand(view).filter(({ closed }) => closed.includes("vip"));
    const assertions = [
      ...bindsRefused(view),
      ...serviceNodes.map((node) => nonlocalBindOff(view, node)),
      ...starts.map((start) => startedButDidNotListen(view, start)),
    ];
    if (starts.length === 0) assertions.push(undecided("a controller was started on the standby", "none was started"));
    return rulingOf(assertions, {
      outcomes: eventsOf(view.history, "bind").map(({ event }) => `${event.node}: ${event.outcome}`),
    });
  },
};

function bindsRefused(view: HistoryView): Assertion[] {
  const says = "a bind to the VIP on a node without it fails";
  const all = eventsOf(view.history, "bind");
  const tried = all.filter(
    ({ event: { node, t, target } }) =>
      endOf(target).host === view.endpoint.vip &&
      !meeting(view.spans[node].owns, t, t) &&
      view.observations[node].length > 0,
  );
  if (tried.length === 0) return [undecided(says, "no bind was tried on a node without the VIP")];
  return tried.map(({ event, index }) => {
    if (event.outcome === "bound") return refuted(says, `${event.target} was bound on ${event.node}`, [index]);
    if (event.outcome !== "EADDRNOTAVAIL") return undecided(says, `the kernel of ${event.node} said ${event.outcome}`);
    const own = all.find((one) => one.event.node === event.node && one.event.target !== event.target);
    if (own?.event.outcome !== "bound" && (own || collects(view, "own-binds")))
      return undecided(says, `the same program bound no other address of ${event.node}`);
    return kept(says, { events: [...(own ? [own.index] : []), index] });
  });
}

const sysctl = "net.ipv4.ip_nonlocal_bind";

function nonlocalBindOff(view: HistoryView, node: ServiceNode): Assertion {
  const says = `${sysctl} is 0 on ${node}`;
  const looked = eventsOf(view.history, "inspection").filter(
    ({ event }) => event.node === node && event.sysctls[sysctl] !== undefined,
  );
  const on = looked.find(({ event }) => event.sysctls[sysctl] !== "0");
  if (on) return refuted(says, `it is ${on.event.sysctls[sysctl]}`, [on.index]);
  return looked.length > 0 ? kept(says, { events: [looked[0]!.index] }) : undecided(says, "it was not read");
}
