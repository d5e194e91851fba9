// Wrong standbys: at the end a node is down, frozen, in FAULT, or holds what a standby must not hold.

import type { StreamEvent } from "#history/event.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Change, nsPerS, only, type Variant } from "../change.ts";
import { overlaid, type State } from "../overlay.ts";
import type { Scene } from "../scene.ts";

/** Rows that promise that a node comes back as a standby, and whose. */
const returns = "FAIL-1 FAIL-2 FAIL-4 FAIL-5 REC-2".split(" ");
const starts = ["BOOT-2", "BOOT-3"];

/** The node that is not active at the end of the load. */
function standbyOf(scene: Scene): NodeName | undefined {
  const isActive = (node: NodeName) =>
    scene.active(node).some(({ fromNs, toNs }) => fromNs <= scene.loadEndNs && toNs >= scene.loadEndNs);
  const standby = (["alpha", "beta"] as const).filter((node) => !isActive(node));
  return standby.length === 1 ? standby[0] : undefined;
}

function atTheEnd(
  name: string,
  says: string,
  { turns = [...returns, ...starts], state }: { turns?: string[]; state: (scene: Scene) => State },
): Change {
  return {
    name,
    kind: "standby",
    says,
    turns,
    variants: (scene): Variant[] => {
      const node = standbyOf(scene);
      const stretch = { fromNs: scene.loadEndNs - nsPerS, toNs: Infinity, ...state(scene) };
      const made = node && overlaid(scene, node, stretch);
      if (!made) return [];
      // A node that was not rebuilt is no concern of REC-2.
      const isOwn = scene.view.faults.some(({ nodes }) => nodes.includes(node));
      const own = turns.filter((entry) => entry !== "REC-2" || isOwn);
      return [{ at: node, turns: own, events: made }];
    },
  };
}

const gammaDown: Change = {
  name: "gamma-is-down-at-the-end",
  kind: "standby",
  says: "gamma is not back at the end",
  turns: ["FAIL-3", "FAIL-6", "BOOT-2", "BOOT-3"],
  variants: (scene) => {
    const stretch = { fromNs: scene.loadEndNs - nsPerS, toNs: Infinity };
    return [
      ...only("down", overlaid(scene, "gamma", { ...stretch, isAlive: false })),
      ...only("frozen", overlaid(scene, "gamma", { ...stretch, isFrozen: true })),
    ];
  },
};

/** The servers say after the repair that a replica is not current, or that the node holds none. */
const replicaLags: Change = {
  name: "replica-lags-at-the-end",
  kind: "standby",
  says: "after the return of a node, the leader of a stream says that a replica is not current, or does not list it",
  turns: [...returns, "FAIL-3", "FAIL-6", ...starts],
  variants: (scene) =>
    ["facts_operational", "cursors"].flatMap((stream): Variant[] => {
      const node = scene.view.faults[0]?.nodes.includes("gamma") ? "gamma" : (standbyOf(scene) ?? "beta");
      const isOfIt = (event: { t: number; stream: string; replicas: unknown[]; error?: string }) =>
        event.t >= scene.loadEndNs && event.stream === stream && event.replicas.length > 0 && !event.error;
      if (!scene.of("stream").some(({ event }) => isOfIt(event))) return [];
      return [
        {
          at: `${stream}, not current`,
          events: () =>
            scene.editedOf("stream", (event) =>
              isOfIt(event)
                ? { ...event, replicas: event.replicas.map((one) => ({ ...one, isCurrent: false, lag: 42 })) }
                : event,
            ),
        },
        {
          at: `${stream}, none on ${node}`,
          events: () => scene.editedOf("stream", (event) => (isOfIt(event) ? withoutReplica(event, node) : event)),
        },
      ];
    }),
};

/** The other nodes hold the replicas and the lead. */
function withoutReplica(event: StreamEvent, node: NodeName): StreamEvent {
  const others = nodeNames.filter((name) => name !== node);
  const [leader, ...rest] = others;
  return { ...event, leader: leader!, replicas: rest.map((name) => ({ name, isCurrent: true, lag: 0 })) };
}

/** Beta or alpha never comes to serve after it was asked to. */
const neverPromoted: Change = {
  name: "takeover-never-happens",
  kind: "standby",
  says: "the node that should take over gets the VIP and never listens, and no call is answered by it",
  turns: "FAIL-1 FAIL-5 FAIL-7 FAIL-8 TIME-1 MECH-3 ROLE-2".split(" "),
  variants: (scene): Variant[] => {
    const takeover = scene.takeovers()[0];
    if (!takeover) return [];
    const { to } = takeover;
    return [
      {
        at: to,
        events: () =>
          scene.edited((event) => {
            if (event.type === "observed" && event.node === to && event.listens.length > 0) {
              const { controller: _, ...rest } = event;
              return { ...rest, listens: [] };
            }
            if (event.type !== "ok" || event.node !== to) return event;
            const { t, op, process, f } = event;
            return { t, type: "info", op, process, f, error: "call-timeout" };
          }),
      },
    ];
  },
};

export const standbyChanges: readonly Change[] = [
  atTheEnd("standby-is-down", "the node that should be a standby is down at the end", {
    state: () => ({ isAlive: false, ownsVip: false, listens: [] }),
  }),
  atTheEnd("standby-is-frozen", "the node that should be a standby is frozen at the end", {
    state: () => ({ isFrozen: true }),
  }),
  atTheEnd("standby-in-fault", "keepalived of the node that should be a standby is in FAULT at the end", {
    state: () => ({ role: "FAULT" }),
  }),
  atTheEnd("standby-has-the-vip", "the node that should be a standby has the VIP at the end", {
    turns: [...returns, ...starts, "NET-5"],
    state: () => ({ ownsVip: true }),
  }),
  atTheEnd("standby-listens", "the node that should be a standby listens at the end", {
    turns: [...returns, ...starts, "DUAL-2", "BOOT-6"],
    state: (scene) => ({ listens: [`0.0.0.0:${scene.view.endpoint.rpcPort}`] }),
  }),
  gammaDown,
  replicaLags,
  neverPromoted,
];
