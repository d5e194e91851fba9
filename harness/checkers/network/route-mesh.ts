// NET-3: the servers' routes form a full mesh of the three node addresses. It must show in each server's answer, in the
// kernel's sockets and in each server's configuration. Routes known only by gossip would be lost at a restart.

import { endOf, unmapped } from "#history/local-address.ts";
import type { HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { type Round, steadyRounds, whileSteady } from "../queries/inspection-rounds.ts";
import { nodeOf } from "../queries/judged-node.ts";

export const routeMesh: Checker = {
  entry: "NET-3",
  check(view) {
    const assertions = nodeNames.flatMap((name) => [
      whileSteady(view, (round) => hasRoutes(view, round, name)),
      whileSteady(view, (round) => connectedRoutes(view, round, name)),
      whileSteady(view, (round) => configuredRoutes(view, round, name)),
    ]);
    const [round] = steadyRounds(view);
    const routes = [...(round?.servers.values() ?? [])].map(({ event }) => [event.node, event.routes?.length ?? null]);
    return rulingOf(assertions, { routes: Object.fromEntries(routes) });
  },
};

const addressOf = (view: HistoryView, name: NodeName) => view.history.header.zone.nodes[name].zoneAddress;
const othersOf = (name: NodeName) => nodeNames.filter((one) => one !== name);

function hasRoutes(view: HistoryView, round: Round | undefined, name: NodeName): Assertion {
  const says = `the server of ${name} has routes to exactly the other two`;
  const answer = round?.servers.get(name);
  if (!answer?.event.routes) return undecided(says, `the server of ${name} named no routes`);
  const has = answer.event.routes.map(({ address }) => address);
  const lacking = othersOf(name).find((one) => !has.includes(addressOf(view, one)));
  if (lacking) return refuted(says, `it has none to ${lacking} at ${addressOf(view, lacking)}`, [answer.index]);
  const other = has.find((one) => !othersOf(name).some((other) => addressOf(view, other) === one));
  return other ? refuted(says, `it has one to ${other}`, [answer.index]) : kept(says, { events: [answer.index] });
}

function connectedRoutes(view: HistoryView, round: Round | undefined, name: NodeName): Assertion {
  const says = `${name} has connections on the route port with the other two`;
  const inspection = round?.inspections.get(name);
  if (!inspection) return undecided(says, `no inspection shows ${name} in the steady state`);
  const { natsCluster } = nodeOf(view).ports;
  const links = inspection.event.sockets.filter(
    ({ state, local, remote }) => state === "ESTAB" && [endOf(local).port, endOf(remote).port].includes(natsCluster),
  );
  const lacking = othersOf(name).find(
    (one) => !links.some(({ remote }) => endOf(unmapped(remote)).host === addressOf(view, one)),
  );
  return lacking
    ? refuted(says, `it has none with ${lacking}`, [inspection.index])
    : kept(says, { events: [inspection.index] });
}

function configuredRoutes(view: HistoryView, round: Round | undefined, name: NodeName): Assertion {
  const says = `the route list of ${name} names the other two and no stranger`;
  const answer = round?.servers.get(name);
  if (!answer?.event.configuredRoutes)
    return undecided(says, `the server of ${name} did not list its configured routes`);
  const hosts = answer.event.configuredRoutes.map((one) => endOf(one.replace(/^.*@|^.*:\/\//, "")).host);
  const named = hosts.find((host) => !/^[\d.]+$/.test(host));
  if (named) return undecided(says, `it names ${named}, which is no address`);
  const lacking = othersOf(name).find((one) => !hosts.includes(addressOf(view, one)));
  const stranger = hosts.find((host) => !nodeNames.some((one) => addressOf(view, one) === host));
  if (stranger) return refuted(says, `it names ${stranger}`, [answer.index]);
  return lacking
    ? refuted(says, `it lacks ${lacking} at ${addressOf(view, lacking)}`, [answer.index])
    : kept(says, { events: [answer.index] });
}
