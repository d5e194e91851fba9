// The points about nats-server and its streams. Pure.

import { isLoopback, unmapped } from "#history/local-address.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { NodeFacts } from "./node-facts.ts";
import { type Found, isListening, onEach, type Rule, type Zone } from "./point-rule.ts";

function onLoopback(port: "natsClient" | "natsMonitor") {
  return (zone: Zone): Found =>
    onEach(nodeNames, (node) => {
      const number = zone.plan.contract.ports[port];
      const listeners = isListening(node, number);
      const open = listeners.find(({ local }) => !isLoopback(local));
      if (open) return `it listens on ${open.local}`;
      return listeners.length > 0 ? undefined : `nothing listens on port ${number}`;
    })(zone);
}

function serverSays(
  look: (server: NonNullable<NodeFacts["server"]>, name: NodeName, zone: Zone) => string | undefined,
) {
  return (zone: Zone): Found =>
    onEach(nodeNames, ({ server }, name) => {
      if (!server?.isReachable) return `its server gives no answer: ${server?.error ?? "it was not asked"}`;
      return look(server, name, zone);
    })(zone);
}

/** A stream that the profile names, or a reason. */
function hasStream(nameOf: (zone: Zone) => string | null) {
  return (zone: Zone): Found => {
    const name = nameOf(zone)!;
    const names = zone.facts.streams.map(({ stream }) => stream);
    if (names.length === 0) return { unknown: "no server named its streams" };
    const event = zone.facts.streams.find(({ stream }) => stream === name);
    if (!event) return `there is no stream ${name}; there are ${[...new Set(names)].join(", ")}`;
    if (event.leader === null) return `stream ${name} has no leader`;
    if (event.replicas.length !== 2)
      return `stream ${name} has ${event.replicas.length + 1} replicas, and 3 are needed`;
    return undefined;
  };
}

const streamRule = (id: "facts" | "audit" | "cursors" | "lease"): Rule => ({
  id: `stream-${id}`,
  says: `the stream of the ${id} has three replicas`,
  key: `node.streams.${id}`,
  isNeeded: ({ plan }) => plan.contract.streams[id] !== null,
  look: hasStream(({ plan }) => plan.contract.streams[id]),
});

export const serverRules: readonly Rule[] = [
  {
    id: "client-port",
    says: "clients of nats-server connect on loopback only",
    key: "node.ports.natsClient",
    look: onLoopback("natsClient"),
  },
  {
    id: "monitor-port",
    says: "the monitoring port of nats-server is on loopback only",
    key: "node.ports.natsMonitor",
    look: onLoopback("natsMonitor"),
  },
  {
    id: "cluster-port",
    says: "nats-server listens for routes on the zone address",
    key: "node.ports.natsCluster",
    look: (zone) =>
      onEach(nodeNames, (node, name) => {
        const { natsCluster } = zone.plan.contract.ports;
        const wanted = `${zone.plan.nodes[name].zoneAddress}:${natsCluster}`;
        const at = isListening(node, natsCluster).map(({ local }) => unmapped(local));
        return at.includes(wanted) ? undefined : `it listens on ${at.join(", ") || "nothing"}, and not on ${wanted}`;
      })(zone),
  },
  {
    id: "monitor-answers",
    says: "nats-server answers on that port without a login",
    look: serverSays(() => undefined),
  },
  {
    id: "server-has-jetstream",
    says: "JetStream runs on each server",
    look: serverSays(({ hasJetStream }) => (hasJetStream ? undefined : "it does not")),
  },
  {
    id: "routes",
    says: "each server has routes to the other two, which have the names of the nodes",
    look: serverSays(({ routes = [] }, name) => {
      const names = routes.map((one) => one.name).sort();
      const wanted = nodeNames.filter((one) => one !== name);
      const isSo = names.length === wanted.length && wanted.every((one) => names.includes(one));
      return isSo ? undefined : `its routes are to ${names.join(", ") || "none"}, and not to ${wanted.join(" and ")}`;
    }),
  },
  {
    id: "three-voters",
    says: "the meta group has three voters",
    look: serverSays(({ metaSize }) => (metaSize === 3 ? undefined : `it has ${metaSize ?? "none"}`)),
  },
  {
    id: "store-folder",
    says: "nats-server keeps its store in the folder of the profile",
    key: "node.stores.jetstream",
    look: serverSays(({ storeDir }, _, { plan }) => {
      const { jetstream } = plan.contract.stores;
      const isBelow = storeDir === jetstream || storeDir?.startsWith(`${jetstream}/`) === true;
      return isBelow ? undefined : `its store is ${storeDir ?? "not told"}, and not ${jetstream}`;
    }),
  },
  streamRule("facts"),
  streamRule("audit"),
  streamRule("cursors"),
  streamRule("lease"),
  {
    id: "streams-named",
    says: "every stream is one that the profile names",
    key: "node.streams.others",
    look: ({ facts, plan }) => {
      const { facts: ofFacts, audit, cursors, lease, others } = plan.contract.streams;
      const known = [ofFacts, audit, cursors, lease, ...others];
      const other = facts.streams.find(({ stream }) => !known.includes(stream));
      return other && `stream ${other.stream} has no name there`;
    },
  },
];
