// Assertions about one node that several entries share: active before, a standby afterwards, never active. Each rests
// on what the observer saw, on what clients were answered, or on what servers say of each other.

import type { InspectedSocket, InspectionEvent } from "#history/event.ts";
import { endOf } from "#history/local-address.ts";
import type { Span } from "#history/spans.ts";
import { type At, eventsOf, type HistoryView, markOf, stateAt } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import { vrrpProtocol } from "#spec/sockets.ts";
import { collects } from "../queries/evidence.ts";
import { serviceWindows } from "../queries/service-windows.ts";
import { holdersOf } from "../queries/socket-holders.ts";
import { msOf, nsPerS, secondsOf } from "../checker.ts";
import { unlessContended, unlessContendedBefore } from "../queries/contention.ts";
import { type Assertion, kept, missed, overAll, refuted, undecided } from "../assertions.ts";
import {
  activeSpans,
  covering,
  firstAnswer,
  isOutside,
  isServing,
  loadEndNs,
  marksOf,
  meeting,
  outages,
  returnNs,
  roleAt,
  strayTimes,
} from "../queries/history-queries.ts";
import { isProgram } from "../queries/judged-node.ts";

/** A window of monotonic nanoseconds. */
export interface Window {
  fromNs: number;
  toNs: number;
}

/** `node` was active at `t` and had answered a client before. */
export function wasActive(view: HistoryView, node: NodeName, t: number): Assertion {
  const says = `${node} was active before the fault`;
  const span = covering(activeSpans(view, node), t, t);
  const answer = firstAnswer(view, (o) => o.node === node && o.endNs <= t);
  if (!span || !answer) return undecided(says, `${node} ${span ? "had answered no client" : "was not seen active"}`);
  return kept(says, { events: [span.events[0], answer.index] });
}

/** `node` owned the VIP, listened on it and answered within the window. */
export function tookOver(view: HistoryView, node: NodeName, window: Window): Assertion {
  const says = `${node} took the VIP, listened on it and answered`;
  const span = activeSpans(view, node).find((one) => one.fromNs >= window.fromNs && one.fromNs <= window.toNs);
  const owned = meeting(view.spans[node].owns, window.fromNs, window.toNs);
  const answer = firstAnswer(view, (o) => o.node === node && o.invokeNs >= window.fromNs && o.endNs <= window.toNs);
  if (span && answer) return kept(says, { events: [span.events[0], answer.index] });
  const tookNs = window.toNs - window.fromNs;
  const within = `within ${secondsOf(tookNs)} s`;
  const assertion = !owned
    ? missed(says, `${node} did not own the VIP ${within}`)
    : !span
      ? missed(says, `${node} owned the VIP and did not listen on it ${within}`, owned.events)
      : missed(says, `${node} was active and answered no client ${within}`, span.events);
  return unlessContended(view, window, { assertion, late: { tookNs, boundNs: view.bounds.failoverMaxS * nsPerS } });
}

/** `node` stayed active over the whole window. */
export function stayedActive(view: HistoryView, node: NodeName, window: Window): Assertion {
  const says = `${node} stayed active`;
  const span = covering(activeSpans(view, node), window.fromNs, window.toNs);
  if (span) return kept(says, { events: [span.events[0]] });
  const touched = activeSpans(view, node).filter((one) => one.toNs >= window.fromNs && one.fromNs <= window.toNs);
  const [first] = touched;
  if (!first) {
    const late = { tookNs: window.toNs - window.fromNs, boundNs: view.bounds.failoverMaxS * nsPerS };
    return unlessContended(view, window, { assertion: missed(says, `${node} was not active at all`), late });
  }
  const within = (ns: number) => `${secondsOf(ns - window.fromNs)} s into that time`;
  const late = refuted(says, `it became active only ${within(first.fromNs)}`, first.events);
  const losses = touched.filter(({ toNs }) => toNs < window.toNs);
  return overAll(says, [
    ...(first.fromNs > window.fromNs ? [unlessContendedBefore(view, window.fromNs, late)] : []),
    ...losses.map(({ toNs, events }) =>
      unlessContendedBefore(view, toNs, refuted(says, `it stopped being active ${within(toNs)}`, events)),
    ),
  ]);
}

/**
 * Neither the VIP nor a listener on the RPC port was seen on `node` in the window. The listener of the fault
 * "stray-controller" is not the node's.
 */
export function neverServed(view: HistoryView, node: NodeName, window: Window): Assertion {
  const says = `${node} never held the VIP and never listened`;
  const owns = meeting(view.spans[node].owns, window.fromNs, window.toNs);
  const strays = strayTimes(view, node);
  const own = view.spans[node].listens.filter(
    (one) => !strays.some(({ fromNs, toNs }) => one.fromNs >= fromNs && one.toNs <= toNs),
  );
  const listens = meeting(own, window.fromNs, window.toNs);
  const found = owns ?? listens;
  if (found) {
    const forMs = msOf(Math.min(found.toNs, window.toNs) - Math.max(found.fromNs, window.fromNs));
    return refuted(says, `${node} ${owns ? "owned the VIP" : "had a listener"} for ${forMs} ms`, found.events);
  }
  if (view.observations[node].length === 0) return undecided(says, `the observer never looked at ${node}`);
  return kept(says);
}

/**
 * The same of a standby that nothing keeps from taking over. It rightly does so when the active node is late to send
 * its adverts.
 */
export function stayedStandby(view: HistoryView, node: NodeName, window: Window): Assertion {
  const { owns, listens } = view.spans[node];
  const assertion = neverServed(view, node, window);
  if (assertion.verdict !== "broken") return assertion;
  const isMet = (one: Span) => !one.isOnlyPossible && one.toNs >= window.fromNs && one.fromNs <= window.toNs;
  const taken = owns.filter(isMet);
  const alone = listens.filter((one) => isMet(one) && !taken.some((owned) => owned.fromNs <= one.fromNs));
  if (alone.length > 0) return assertion;
  return overAll(
    assertion.says,
    taken.map(({ fromNs }) => (fromNs > window.fromNs ? unlessContendedBefore(view, fromNs, assertion) : assertion)),
  );
}

/** `node` was not active in the window. A frozen node that holds the address is not active. */
export function notActive(view: HistoryView, node: NodeName, window: Window): Assertion {
  const says = `${node} was not active after its return`;
  const found = activeSpans(view, node).filter((one) => one.toNs >= window.fromNs && one.fromNs <= window.toNs);
  if (found.length === 0) return kept(says);
  return overAll(
    says,
    found.map(({ fromNs, toNs, events }) => {
      const assertion = refuted(says, `it was active for ${msOf(toNs - fromNs)} ms`, events);
      return fromNs > window.fromNs ? unlessContendedBefore(view, fromNs, assertion) : assertion;
    }),
  );
}

/**
 * At `t` the node runs as a standby: alive, keepalived runs, no controller, no VIP, no listener. The inspections since
 * its return decide. The role that the node wrote itself can convict it. It acquits only in an older history in which
 * nothing was inspected, and the assertion then says so. A violation is `missed` and not `refuted`, because it proves
 * nothing when the fault was not undone.
 */
export function isStandby(view: HistoryView, node: NodeName, t: number): Assertion {
  const says = `${node} is a standby again`;
  const state = stateAt(view, node, t);
  const last = view.observations[node].findLast(({ event }) => event.t <= t);
  const events = last ? [last.index] : [];
  if (!state || !last) return undecided(says, `the observer never looked at ${node}`);
  if (!state.isAlive) return notBackYet(view, { node, t }, missed(says, `${node} was not running at the end`, events));
  if (state.isFrozen) return missed(says, `${node} was still frozen at the end`, events);
  if (state.ownsVip)
    return unlessContendedBefore(view, last.event.t, missed(says, `${node} owned the VIP at the end`, events));
  if (state.listens.length > 0)
    return missed(says, `${node} listened on ${state.listens.join(", ")} at the end`, events);
  const role = roleAt(view, node, t);
  if (role !== undefined && role !== "BACKUP") {
    const assertion = missed(says, `keepalived on ${node} was in ${role} at the end`, events);
    return unlessContendedBefore(view, last.event.t, assertion);
  }
  const looks = inspectionsSinceReturn(view, node, t);
  for (const look of looks) {
    const wrong = notOfAStandby(view, look.event);
    if (wrong) return missed(says, `${node} ${wrong}`, [look.index]);
  }
  if (looks.length > 0) return kept(says, { events: [...events, ...looks.map(({ index }) => index)] });
  if (role === undefined) return undecided(says, `the role of keepalived on ${node} is not known`);
  if (collects(view, "programs")) return undecided(says, `${node} was not inspected after its return`);
  return kept(says, { saw: "by the role that it wrote; it was not inspected", events });
}

/** What an inspection shows that no standby has, or misses that each has. */
function notOfAStandby(view: HistoryView, inspection: InspectionEvent): string | undefined {
  const { processes, sockets, addresses } = inspection;
  const { vip, rpcPort } = view.endpoint;
  const keepalived = processes.filter((one) => isProgram(view, "keepalived", one));
  if (keepalived.length === 0) return "ran no keepalived";
  if (keepalived.some(({ state }) => state === "T")) return "had a stopped keepalived";
  const hears = (socket: InspectedSocket) =>
    socket.protocol.startsWith("raw") &&
    endOf(socket.local).port === vrrpProtocol &&
    holdersOf(inspection, socket).some((one) => isProgram(view, "keepalived", one));
  if (!sockets.some(hears)) return "had no keepalived with a socket for VRRP";
  if (processes.some((one) => isProgram(view, "controller", one))) return "ran a controller";
  if (addresses.some(({ address }) => address === vip)) return "had the VIP";
  const listener = sockets.find(({ state, local }) => state === "LISTEN" && endOf(local).port === rpcPort);
  return listener && `listened on ${listener.local}`;
}

/** A node that was started again may need longer than the scenario waited. */
function notBackYet(view: HistoryView, { node, t }: { node: NodeName; t: number }, assertion: Assertion): Assertion {
  const backNs = Math.max(...returnsOf(view, node).filter((ns) => ns <= t));
  return backNs === -Infinity ? assertion : unlessContended(view, { fromNs: backNs, toNs: t }, { assertion });
}

function returnsOf(view: HistoryView, node: NodeName): number[] {
  return view.faults.filter((life) => life.nodes.includes(node)).map(returnNs);
}

/** Inspections of the node from its last return, or from the steady state, to `t`. */
function inspectionsSinceReturn(view: HistoryView, node: NodeName, t: number): At<InspectionEvent>[] {
  const returns = returnsOf(view, node);
  const rejoined = marksOf(view, "recovered").filter(({ event }) => event.detail.node === node);
  const sinceNs = Math.max(
    markOf(view, "steady")?.event.t ?? view.firstNs,
    ...[...returns, ...rejoined.map(({ event }) => event.t)].filter((ns) => ns <= t),
  );
  return eventsOf(view.history, "inspection").filter(
    ({ event }) => event.node === node && event.t >= sinceNs && event.t <= t,
  );
}

/** At `t` the node runs. For a node without keepalived. */
export function isRunning(view: HistoryView, node: NodeName, t: number): Assertion {
  const says = `${node} runs again`;
  const state = stateAt(view, node, t);
  if (!state) return undecided(says, `the observer never looked at ${node}`);
  if (state.isAlive && state.isFrozen) return missed(says, `${node} was frozen at the end`);
  return state.isAlive ? kept(says) : notBackYet(view, { node, t }, missed(says, `${node} was down at the end`));
}

/**
 * The servers' last answers after `sinceNs` call every replica of every stream current, and name `node` among the
 * holders of each stream.
 */
export function replicasCurrent(view: HistoryView, node: NodeName, sinceNs: number): Assertion {
  const says = `the replicas on ${node} are current`;
  const last = new Map<string, ReturnType<typeof eventsOf<"stream">>[number]>();
  for (const at of eventsOf(view.history, "stream"))
    if (at.event.t >= sinceNs && !at.event.error) last.set(`${at.event.node} ${at.event.stream}`, at);
  if (last.size === 0) return undecided(says, "no server was asked about its streams after the repair");
  for (const { event, index } of last.values()) {
    const lagging = event.replicas.find((replica) => !replica.isCurrent);
    if (lagging) {
      const saw = `${lagging.name} lags in ${event.stream} by ${lagging.lag} messages, says ${event.node}`;
      return unlessContended(view, { fromNs: sinceNs, toNs: event.t }, { assertion: missed(says, saw, [index]) });
    }
    const members = [event.leader ?? "", ...event.replicas.map((replica) => replica.name)];
    if (!members.some((name) => name.includes(node)))
      return missed(says, `${node} holds no replica of ${event.stream}, says ${event.node}`, [index]);
  }
  return kept(says, { events: [...last.values()].map(({ index }) => index).slice(0, 3) });
}

/** A client was answered in the last seconds before `endNs`, which is the end of load. */
export function servedAtTheEnd(view: HistoryView, node?: NodeName, endNs = loadEndNs(view)): Assertion {
  const says = "clients were served at the end";
  let lastNs = view.firstNs;
  for (const o of view.operations) {
    if (o.f !== "append" || !isServing(o) || !isOutside(o.process) || o.endNs > endNs) continue;
    if (o.endNs > endNs - servedWithinNs && (!node || o.node === node)) return kept(says, { events: [o.index] });
    lastNs = Math.max(lastNs, o.endNs);
  }
  const tookNs = endNs - lastNs;
  const saw = `no fact was acknowledged${node ? ` by ${node}` : ""} in the last ${servedWithinNs / nsPerS} s of load`;
  const sinceNs = endNs - tookNs;
  const open = serviceWindows(view).filter((one) => one.fromNs <= sinceNs + servedWithinNs && one.untilNs >= sinceNs);
  if (tookNs >= servedWithinNs && tookNs <= electionMaxNs && open.some(({ untilNs }) => untilNs >= endNs))
    return undecided(says, `${saw}, and an election may have been held`);
  const boundNs = Math.max(servedWithinNs, ...open.map(({ untilNs }) => untilNs - sinceNs));
  return unlessContended(
    view,
    { fromNs: sinceNs, toNs: endNs },
    { assertion: missed(says, saw), late: { tookNs, boundNs } },
  );
}

/** Long enough for a call that timed out and its retry, and much shorter than a failover. */
const servedWithinNs = 5 * nsPerS;

/** Right zones answered appends at most 9.3 s after a healing (docs/decisions/0023-service-call-by-call.md). */
const electionMaxNs = 10 * nsPerS;

/** No client on the client host waited longer for an acknowledged append. */
export function noLongerOutage(
  view: HistoryView,
  window: Window,
  { says, boundNs }: { says: string; boundNs: number },
): Assertion {
  const late = outages(view, window.fromNs, window.toNs).filter(({ fromNs, toNs }) => toNs - fromNs > boundNs);
  if (late.length === 0) return kept(says);
  const longestFirst = late.toSorted((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs));
  return overAll(
    says,
    longestFirst.map((outage) => {
      const tookNs = outage.toNs - outage.fromNs;
      const assertion = missed(says, `no fact was acknowledged for ${msOf(tookNs)} ms`);
      return unlessContended(view, outage, { assertion, late: { tookNs, boundNs } });
    }),
  );
}

/** No call that began in the window was answered within it. */
export function noneAnswered(view: HistoryView, window: Window): Assertion {
  const says = "no client was answered in that time";
  let tried = 0;
  for (const o of view.operations) {
    if (o.invokeNs < window.fromNs || o.invokeNs > window.toNs) continue;
    tried += 1;
    if (isServing(o) && o.endNs <= window.toNs)
      return refuted(says, `${o.node ?? "an unknown node"} answered operation ${o.op}`, [o.index]);
  }
  return tried > 0 ? kept(says, { saw: `${tried} calls were tried` }) : undecided(says, "no client tried");
}
