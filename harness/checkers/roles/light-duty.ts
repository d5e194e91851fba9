// ROLE-4: Gamma may carry less than the others, and carries only the quorum. Seen from outside that means: no program
// but its server and the supervisors runs there, only the server has sockets, and the server speaks with the other two
// servers alone. Its server may lead a stream: any of the three may be elected.

import type { InspectedProcess, InspectedSocket, InspectionEvent } from "#history/event.ts";
import { endOf, isLoopback, unmapped } from "#history/local-address.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { touchNs } from "../queries/history-queries.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { isProgram, nodeOf } from "../queries/judged-node.ts";

export const gammaCarriesLess: Checker = {
  entry: "ROLE-4",
  check(view) {
    const looks = eventsOf(view.history, "inspection").filter(({ event }) => event.node === "gamma");
    const assertions = [
      ofEach(looks, "only the server of gamma has sockets", (event) => foreignSocket(view, event)),
      ofEach(looks, "the server of gamma speaks with the other two servers alone", (event) => strangePeer(view, event)),
      runsItsServer(view, looks),
    ];
    return rulingOf(assertions, { inspections: looks.length });
  },
};

function ofEach(
  looks: readonly At<InspectionEvent>[],
  says: string,
  wrongIn: (event: InspectionEvent) => string | undefined,
): Assertion {
  return overAll(
    says,
    looks.map(({ event, index }) => {
      const wrong = wrongIn(event);
      return wrong ? refuted(says, wrong, [index]) : kept(says, { events: [index] });
    }),
  );
}

/**
 * At a boot these programs wait for the other servers, and ask the node's own one for its voters. INV-2 judges by their
 * files that it is they.
 */
const starting = /\/opt\/bsfg\/bin\/(?:startup-barrier|ensure-quorum)(?: |$)/;

function isOfStart(view: HistoryView, { local, remote }: InspectedSocket, { argv }: InspectedProcess): boolean {
  if (!starting.test(argv.join(" "))) return false;
  const ends = [local, remote].map(unmapped);
  return ends.every(isLoopback) || ends.some((end) => endOf(end).port === nodeOf(view).ports.natsCluster);
}

/** A socket of another program of the node. Sockets without an owner there belong to the engine or to the harness. */
function foreignSocket(view: HistoryView, { sockets, processes }: InspectionEvent): string | undefined {
  for (const socket of sockets) {
    const { pid, protocol, local } = socket;
    const owner = processes.find((one) => one.pid === pid);
    if (owner && !isProgram(view, "nats-server", owner) && !isOfStart(view, socket, owner))
      return `"${owner.argv.join(" ").slice(0, 80)}" has a ${protocol} socket on ${local}`;
  }
  return undefined;
}

/**
 * A route has the route port at one of its ends and a node's address at the other. A fourth server that the harness
 * runs may knock at the route port, and is kept out.
 */
function strangePeer(view: HistoryView, { t, sockets, processes }: InspectionEvent): string | undefined {
  const isKnocked = view.faults.some(
    (life) => life.fault === "fourth-server" && touchNs(life) <= t && t <= (life.phases.healed?.event.t ?? Infinity),
  );
  const { nodes } = view.history.header.zone;
  const others = nodeNames.filter((name) => name !== "gamma").map((name) => nodes[name].zoneAddress);
  for (const { pid, state, local, remote } of sockets) {
    const owner = processes.find((one) => one.pid === pid);
    if (state !== "ESTAB" || !owner || isLoopback(unmapped(remote))) continue;
    const [here, there] = [endOf(unmapped(local)), endOf(unmapped(remote))];
    const isRoute = here.port === nodeOf(view).ports.natsCluster || there.port === nodeOf(view).ports.natsCluster;
    if (isKnocked && here.port === nodeOf(view).ports.natsCluster) continue;
    if (!isRoute || !others.includes(there.host)) return `it is connected with ${remote}, from ${local}`;
  }
  return undefined;
}

/** Otherwise the inspection shows nothing of what the node does. */
function runsItsServer(view: HistoryView, looks: readonly At<InspectionEvent>[]): Assertion {
  const says = "gamma runs its server";
  const seen = looks.filter(({ event }) => event.processes.some((one) => isProgram(view, "nats-server", one)));
  return seen.length > 0
    ? kept(says, { events: seen.slice(0, 2).map(({ index }) => index) })
    : undecided(says, looks.length > 0 ? "no inspection shows it" : "it was not inspected");
}
