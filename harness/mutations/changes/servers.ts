// Wrong servers: what one of the three says of its streams, voters, routes, clients and flush settings, in one answer
// only.

import type { HeldStream, ServerEvent } from "#history/event.ts";
import { nodeNames } from "#spec/node.ts";
import { type Change, firstAndLast, nsPerS, type Variant } from "../change.ts";
import { specOf } from "#checkers/queries/zone-timers.ts";
import type { Scene } from "../scene.ts";

interface Answer {
  event: ServerEvent;
  index: number;
  at: string;
}

/** The first and the last answer of each server. */
function answersOf(scene: Scene): Answer[] {
  return nodeNames.flatMap((node) => {
    const own = scene.of("server").filter(({ event }) => event.node === node && event.isReachable);
    return firstAndLast(own, node);
  });
}

function one(
  name: string,
  { says, turns, everywhere }: Pick<Change, "says" | "turns" | "everywhere">,
  edit: (event: ServerEvent, scene: Scene) => ServerEvent | undefined,
): Change {
  return {
    name,
    kind: "servers",
    says,
    turns,
    ...(everywhere ? { everywhere } : {}),
    variants: (scene) =>
      answersOf(scene).flatMap(({ event, index, at }): Variant[] => {
        const edited = edit(event, scene);
        return edited ? [{ at, events: () => scene.replaced(index, edited) }] : [];
      }),
  };
}

/** The named stream of an answer changed; undefined when the server holds none. */
function withStream(
  event: ServerEvent,
  name: string,
  change: (stream: HeldStream) => HeldStream | undefined,
): ServerEvent | undefined {
  if (!event.streams?.some((stream) => stream.name === name)) return undefined;
  return {
    ...event,
    streams: event.streams.flatMap((stream) => (stream.name === name ? (change(stream) ?? []) : stream)),
  };
}

const kept = ["facts_operational", "cursors", "lease"];
const ofStreams = ["DUR-1", "INV-5"];

const streamChanges = kept.flatMap((name) => [
  one(
    `one-replica-of-${name.replace("_", "-")}`,
    { says: `stream ${name} is made for one replica`, turns: name === "cursors" ? [...ofStreams, "DUR-2"] : ofStreams },
    (event) => withStream(event, name, (stream) => ({ ...stream, replicas: 1 })),
  ),
  one(
    `no-replica-of-${name.replace("_", "-")}-on-one-node`,
    { says: `one server holds no replica of stream ${name}`, turns: ofStreams },
    (event) => withStream(event, name, () => undefined),
  ),
  one(
    `${name.replace("_", "-")}-in-memory`,
    { says: `stream ${name} is kept in memory and not in files`, turns: ofStreams },
    (event) => withStream(event, name, (stream) => ({ ...stream, storage: "memory" })),
  ),
]);

const consumerOfOne = one(
  "durable-consumer-with-one-replica",
  { says: "a durable consumer has one replica", turns: ["DUR-2", "INV-5"] },
  (event) =>
    withStream(event, "facts_operational", (stream) => ({
      ...stream,
      consumers: [...stream.consumers, { name: "reader", replicas: 1 }],
    })),
);

const voters = ["DUR-3", "INV-5", "BOOT-1", "BOOT-2", "BOOT-3"];

const fiveVoters = one("server-counts-five-voters", { says: "one server counts five voters", turns: voters }, (event) =>
  event.metaSize === undefined ? undefined : { ...event, metaSize: 5 },
);

const foreignVoter = one(
  "foreign-voter-named",
  { says: "the leader of the voters names a fourth server", turns: voters },
  (event) => (event.voters ? { ...event, voters: [...event.voters, { name: "delta", isOnline: true }] } : undefined),
);

const voterMissing = one(
  "voter-not-named",
  { says: "the leader of the voters does not name one of the three", turns: voters },
  (event) => (event.voters ? { ...event, voters: event.voters.slice(0, 2) } : undefined),
);

const withoutJetStream = one(
  "server-without-jetstream",
  { says: "one server runs without JetStream", turns: ["DUR-3", "INV-5"] },
  (event) => (event.hasJetStream ? { ...event, hasJetStream: false } : undefined),
);

const voterDoesNotVote: Change = {
  name: "server-of-a-node-does-not-vote",
  kind: "servers",
  says: "the server of one node runs without JetStream while the zone is steady",
  turns: ["ROLE-1", "ROLE-2", "ROLE-3"],
  variants: (scene) => {
    const first = scene.of("server").filter(({ event }) => event.t <= scene.calmUntilNs && event.isReachable);
    const roles = { alpha: "ROLE-1", beta: "ROLE-2", gamma: "ROLE-3" };
    return nodeNames.flatMap((node): Variant[] => {
      const own = first.find(({ event }) => event.node === node);
      if (!own) return [];
      const events = () => scene.replaced(own.index, { ...own.event, hasJetStream: false });
      return [{ at: node, turns: [roles[node]], events }];
    });
  },
};

const routeMissing = one("route-missing", { says: "one server has no route to another", turns: ["NET-3"] }, (event) =>
  event.routes ? { ...event, routes: event.routes.slice(1) } : undefined,
);

const foreignRoute = one(
  "foreign-route",
  { says: "one server has a route to a fourth host", turns: ["NET-3"] },
  (event) =>
    event.routes ? { ...event, routes: [...event.routes, { name: "delta", address: "198.18.0.77" }] } : undefined,
);

const routeListLacksOne = one(
  "route-list-lacks-one",
  { says: "the route list of one server lacks another", turns: ["NET-3", "BOOT-1"] },
  (event) => (event.configuredRoutes ? { ...event, configuredRoutes: event.configuredRoutes.slice(1) } : undefined),
);

const routeListNamesAStranger = one(
  "route-list-names-a-stranger",
  { says: "the route list of one server names a fourth host", turns: ["NET-3"] },
  (event) =>
    event.configuredRoutes
      ? { ...event, configuredRoutes: [...event.configuredRoutes, "198.18.0.77:6222"] }
      : undefined,
);

const foreignClient = one(
  "client-from-another-node",
  { says: "a server serves a client from another node", turns: [], everywhere: ["NET-2"] },
  (event) =>
    event.clients
      ? { ...event, clients: [...event.clients, { name: "controller", address: "198.18.0.66:50000" }] }
      : undefined,
);

const otherInterval = one(
  "flush-interval-of-one-server",
  { says: "one server flushes at another interval", turns: [], everywhere: ["DUR-4"] },
  (event, scene) =>
    event.syncIntervalNs && specOf(scene.view).tier === "standard"
      ? { ...event, syncIntervalNs: 600 * nsPerS }
      : undefined,
);

const flushesAlways = one(
  "standard-server-flushes-always",
  { says: "one server of the standard tier flushes always", turns: [], everywhere: ["DUR-4"] },
  (event) => (event.syncAlways === false ? { ...event, syncAlways: true } : undefined),
);

const flushesNotAlways = one(
  "critical-server-does-not-flush-always",
  { says: "one server of the critical tier does not flush always", turns: [], everywhere: ["DUR-5"] },
  (event) => (event.syncAlways ? { ...event, syncAlways: false, syncIntervalNs: 120 * nsPerS } : undefined),
);

/** The kernel's count of one disk, between the two counts of the scenario. */
function flushes(name: string, says: string, { turns, count }: { turns: string[]; count: number }): Change {
  return {
    name,
    kind: "servers",
    says,
    turns,
    variants: (scene) =>
      nodeNames.flatMap((node): Variant[] => {
        const [from, to] = scene.marks("disks");
        const before = from?.event.detail?.[node];
        const after = to?.event.detail?.[node];
        if (!before || !after) return [];
        const detail = { ...to!.event.detail, [node]: { ...after, flushes: before.flushes + count } };
        return [{ at: node, events: () => scene.replaced(to!.index, { ...to!.event, detail }) }];
      }),
  };
}

export const serverChanges: readonly Change[] = [
  ...streamChanges,
  consumerOfOne,
  fiveVoters,
  foreignVoter,
  voterMissing,
  withoutJetStream,
  voterDoesNotVote,
  routeMissing,
  foreignRoute,
  routeListLacksOne,
  routeListNamesAStranger,
  foreignClient,
  otherInterval,
  flushesAlways,
  flushesNotAlways,
  flushes("one-disk-does-not-flush", "the disk of one node of the critical tier is hardly flushed", {
    turns: ["DUR-5"],
    count: 3,
  }),
  flushes("one-disk-flushes-each", "the disk of one node of the standard tier is flushed for each fact", {
    turns: ["DUR-4"],
    count: 2_000,
  }),
];
