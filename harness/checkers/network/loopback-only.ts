// NET-2: the server's client and monitoring ports answer only on loopback, and the controller uses only its local
// server. Decided by the kernel's sockets, by connections tried from other hosts, and by both ends of the controller's
// connections.

import { endOf, isLoopback, unmapped } from "#history/local-address.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import type { AttemptEvent, InspectionEvent } from "#history/event.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { controllersIn as controllerPidsIn } from "../gates/listeners.ts";
import { ownerOf, unknownSockets } from "./unknown-sockets.ts";
import { type Round, roundsOf } from "../queries/inspection-rounds.ts";
import { nodeOf } from "../queries/judged-node.ts";

/** The ports of the server that answer on loopback only. */
function localPorts(view: HistoryView): number[] {
  const { natsClient, natsMonitor } = nodeOf(view).ports;
  return [natsClient, natsMonitor];
}

export const loopbackOnly: Checker = {
  entry: "NET-2",
  check(view) {
    const attempts = eventsOf(view.history, "attempt").filter(({ event }) =>
      localPorts(view).includes(endOf(event.target).port),
    );
    const rounds = roundsOf(view);
    const assertions = [
      ...nodeNames.map((name) => listensOnLoopback(localPorts(view), rounds, name)),
      ...nodeNames.map((name) => opensOnlyKnown(view, rounds, name)),
      ...nodeNames.map((name) => refusesOthers(view, attempts, name)),
      usesLocalServer(view, rounds),
      servesLoopback(rounds),
      ...nodeNames.map((name) => speaksInside(view, rounds, name)),
    ];
    const outcomes: Record<string, number> = {};
    for (const { event } of attempts) outcomes[event.outcome] = (outcomes[event.outcome] ?? 0) + 1;
    return rulingOf(assertions, { attempts: outcomes });
  },
};

function listensOnLoopback(local: readonly number[], rounds: readonly Round[], name: NodeName): Assertion {
  const says = `the server of ${name} listens on loopback only`;
  const looks = rounds.flatMap(({ inspections }) => inspections.get(name) ?? []);
  let seen = 0;
  for (const { event, index } of looks) {
    const listeners = event.sockets.filter((one) => one.state === "LISTEN" && local.includes(endOf(one.local).port));
    const open = listeners.find((one) => !isLoopback(one.local));
    if (open) return refuted(says, `it listens on ${open.local}`, [index]);
    if (local.every((port) => listeners.some((one) => endOf(one.local).port === port))) seen += 1;
  }
  if (seen > 0) return kept(says, { events: looks.map(({ index }) => index) });
  return undecided(says, `no inspection of ${name} shows listeners on ports ${local.join(" and ")}`);
}

/** DUAL-2 judges the controller's own sockets. */
function opensOnlyKnown(view: HistoryView, rounds: readonly Round[], name: NodeName): Assertion {
  const says = `other hosts can reach only the known sockets of ${name}`;
  const looks = rounds.flatMap(({ inspections }) => inspections.get(name) ?? []);
  for (const { event, index } of looks) {
    const controllers = controllerPidsIn(view, event);
    const open = unknownSockets(view, event).find(({ pid }) => pid === undefined || !controllers.includes(pid));
    if (open) return refuted(says, `"${ownerOf(event, open)}" has a ${open.protocol} socket on ${open.local}`, [index]);
  }
  return looks.some(({ event }) => event.sockets.length > 0)
    ? kept(says, { events: looks.map(({ index }) => index) })
    : undecided(says, `no inspection shows the sockets of ${name}`);
}

/** The RPC port of the other zone of a pair. */
function peerEndOf({ history }: HistoryView): string | undefined {
  const peer = history.header.peer?.zone;
  return peer && `${peer.vip}:${peer.rpcPort}`;
}

/**
 * What a program of the node connects to: the route ports of the zone, and the other zone of a pair. A gate that asks a
 * host outside is no local gate. A connection to an own known port comes from outside and is no question of the node.
 */
function speaksInside(view: HistoryView, rounds: readonly Round[], name: NodeName): Assertion {
  const says = `the programs of ${name} ask no host outside the zone`;
  const { natsCluster } = nodeOf(view).ports;
  const known = nodeNames.map((node) => `${view.history.header.zone.nodes[node].zoneAddress}:${natsCluster}`);
  const served = [view.endpoint.rpcPort, natsCluster];
  const looks = rounds.flatMap(({ inspections }) => inspections.get(name) ?? []);
  for (const { event, index } of looks) {
    const asked = event.sockets.find(
      ({ state, pid, local: own, remote }) =>
        state === "ESTAB" &&
        pid !== undefined &&
        !isLoopback(remote) &&
        !served.includes(endOf(own).port) &&
        ![...known, peerEndOf(view)].includes(unmapped(remote)),
    );
    if (asked) return refuted(says, `"${ownerOf(event, asked)}" is connected to ${asked.remote}`, [index]);
  }
  return looks.length > 0 ? kept(says) : undecided(says, `no inspection shows ${name}`);
}

/** Tried from the client host and from another node, on every address. */
function refusesOthers(view: HistoryView, attempts: readonly At<AttemptEvent>[], name: NodeName): Assertion {
  const local = localPorts(view);
  const says = `${name} refuses other hosts on ports ${local.join(" and ")}`;
  const { zoneAddress, controlAddress } = view.history.header.zone.nodes[name];
  const at = attempts.filter(({ event }) => [zoneAddress, controlAddress].includes(endOf(event.target).host));
  const answered = at.find(({ event }) => event.outcome === "connected");
  if (answered) return refuted(says, `${answered.event.from} reached ${answered.event.target}`, [answered.index]);
  const lost = at.find(({ event }) => event.outcome !== "refused");
  if (lost) return undecided(says, `${lost.event.target} was ${lost.event.outcome} from ${lost.event.from}`);
  for (const port of local)
    for (const isPeer of [false, true])
      if (!at.some(({ event }) => endOf(event.target).port === port && (event.from !== "client") === isPeer))
        return undecided(says, `${isPeer ? "no other node" : "the client host never"} tried port ${port} of it`);
  return kept(says, { saw: `${at.length} attempts were refused`, events: at.slice(0, 2).map(({ index }) => index) });
}

/**
 * Every connection of the process with the RPC listener goes to the local server, comes from a client, or goes to the
 * RPC port of the other zone of a pair.
 */
function usesLocalServer(view: HistoryView, rounds: readonly Round[]): Assertion {
  const says = "the controller is connected only to its local server";
  const found = rounds.flatMap(({ inspections }) =>
    [...inspections.values()].flatMap((inspection) => controllersIn(view, inspection)),
  );
  if (found.length === 0) return undecided(says, "no inspection shows the owner of an RPC listener");
  const peerEnd = peerEndOf(view);
  const { natsClient } = nodeOf(view).ports;
  for (const { inspection, pid } of found) {
    const links = inspection.event.sockets.filter((one) => one.pid === pid && one.state === "ESTAB");
    const away = links.find(
      ({ local: own, remote }) =>
        !isLoopback(remote) && endOf(own).port !== view.endpoint.rpcPort && unmapped(remote) !== peerEnd,
    );
    if (away) return refuted(says, `on ${inspection.event.node} it is connected to ${away.remote}`, [inspection.index]);
    if (!links.some((one) => endOf(one.remote).port === natsClient))
      return undecided(says, `on ${inspection.event.node} it has no connection to port ${natsClient}`);
  }
  return kept(says, { events: found.map(({ inspection }) => inspection.index) });
}

function controllersIn(
  view: HistoryView,
  inspection: At<InspectionEvent>,
): { inspection: At<InspectionEvent>; pid: number }[] {
  const { rpcPort } = view.endpoint;
  return inspection.event.sockets.flatMap(({ state, local: at, pid }) =>
    state === "LISTEN" && endOf(at).port === rpcPort && pid !== undefined ? [{ inspection, pid }] : [],
  );
}

/** By the list of clients of each server. */
function servesLoopback(rounds: readonly Round[]): Assertion {
  const says = "every client of every server is on its own node";
  const answers = rounds
    .flatMap(({ servers }) => [...servers.values()])
    .filter(({ event }) => event.clients !== undefined);
  for (const { event, index } of answers) {
    const away = event.clients!.find((one) => !isLoopback(one.address));
    if (away) return refuted(says, `${event.node} serves "${away.name}" at ${away.address}`, [index]);
  }
  const isEachAsked = nodeNames.every((name) => answers.some(({ event }) => event.node === name));
  return isEachAsked ? kept(says) : undecided(says, "a server did not list its clients");
}
