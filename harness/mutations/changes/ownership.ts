// Wrong owners: two nodes with the VIP, two that listen, a node that answers although it is not active.

import type { OperationEvent } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import { stateAt } from "#history/view.ts";
import { type NodeName, nodeNames, otherServiceNode, type ServiceNode } from "#spec/node.ts";
import { type Change, nsPerMs, nsPerS, only, type Variant } from "../change.ts";
import { overlaid, type State } from "../overlay.ts";
import type { Scene } from "../scene.ts";

/** Entries by which a node without the VIP must not serve. */
const silent = "FAIL-2 FAIL-3 FAIL-6".split(" ");

interface Moment {
  at: string;
  t: number;
  active: ServiceNode;
}

/** Quiet moments: one node has been active for some seconds and stays so. Before the first fault, and near the end. */
function moments(scene: Scene): Moment[] {
  const spans = (["alpha", "beta"] as const).flatMap((node) => scene.active(node));
  const steadyNs = scene.markNs("steady");
  const wanted: [string, number][] = [
    ["before the fault", (steadyNs + scene.calmUntilNs) / 2],
    ["near the end", scene.loadEndNs - nsPerS],
  ];
  return wanted.flatMap(([at, t]): Moment[] => {
    const span = spans.find((one) => one.fromNs < t - nsPerS && one.toNs > t + nsPerS);
    return span && t > steadyNs ? [{ at, t, active: span.node as ServiceNode }] : [];
  });
}

/** One call answered by a node that is not active, between two answers of the active one. */
function answeredByAnother(
  { name, says }: Pick<Change, "name" | "says">,
  others: (active: ServiceNode) => NodeName[],
): Change {
  return {
    name,
    kind: "ownership",
    says,
    turns: ["DUAL-0", "INV-4"],
    variants: (scene) =>
      moments(scene).flatMap(({ at, t, active }) =>
        others(active).flatMap((node): Variant[] => {
          const near = (one: Operation) => one.node === active && Math.abs(one.endNs - t) < 2 * nsPerS;
          const calls = scene.answered("append", near);
          const chosen = calls[calls.length >> 1];
          if (!chosen || calls.length < 5) return [];
          const event = scene.events[chosen.index] as OperationEvent;
          return [{ at: `${node}, ${at}`, events: () => scene.replaced(chosen.index, { ...event, node }) }];
        }),
      ),
  };
}

/** The other nodes get this state for some milliseconds in quiet moments. */
function stateOfOthers(
  { turns, ...change }: Pick<Change, "name" | "says" | "everywhere"> & { turns: readonly string[] },
  options: { forMs: number[]; nodes?: readonly NodeName[]; state: (scene: Scene, node: NodeName) => State },
): Change {
  const roles: Record<NodeName, string[]> = { alpha: [], beta: ["ROLE-2"], gamma: ["ROLE-3"] };
  return {
    ...change,
    turns,
    kind: "ownership",
    variants: (scene) =>
      moments(scene).flatMap(({ at, t, active }) =>
        (options.nodes ?? nodeNames)
          .filter((node) => node !== active && stateAt(scene.view, node, t)?.isAlive)
          .flatMap((node) =>
            options.forMs.flatMap((ms): Variant[] => {
              const stretch = { fromNs: t, toNs: t + ms * nsPerMs, ...options.state(scene, node) };
              const made = overlaid(scene, node, stretch);
              if (!made) return [];
              // A role is judged until the scenario's first fault, and forging from then on.
              const role = t < scene.calmUntilNs || node === "gamma" ? roles[node] : [];
              const forged = t > scene.effectNs ? ["SEC-8"] : [];
              return [
                {
                  at: `${node}, ${ms} ms, ${at}`,
                  turns: [...turns, ...role, ...forged],
                  events: made,
                },
              ];
            }),
          ),
      ),
  };
}

const vipTwice = stateOfOthers(
  {
    name: "vip-on-two-nodes",
    says: "a second node has the VIP for a moment and does not listen",
    turns: silent,
    everywhere: ["NET-5"],
  },
  { forMs: [200, 3_000], state: () => ({ ownsVip: true }) },
);

const twoActive = stateOfOthers(
  {
    name: "two-active-nodes",
    says: "a second node has the VIP and listens on it for a moment",
    turns: ["DUAL-0", ...silent],
    everywhere: ["NET-5"],
  },
  { forMs: [50, 2_000], state: (scene) => ({ ownsVip: true, listens: [scene.rpcEnd] }) },
);

const listensElsewhere = stateOfOthers(
  {
    name: "standby-listens-on-its-own-address",
    says: "a node without the VIP listens on the RPC port of its own address for a moment",
    turns: [...silent, "INV-4", "BOOT-4"],
    everywhere: ["DUAL-2"],
  },
  {
    forMs: [100, 2_000],
    state: (scene, node) => ({
      listens: [`${scene.header.zone.nodes[node].zoneAddress}:${scene.view.endpoint.rpcPort}`],
    }),
  },
);

const betaListensAtStart: Change = {
  name: "beta-listens-in-a-cold-start",
  kind: "ownership",
  says: "beta listens for a moment while the zone starts",
  turns: ["BOOT-6"],
  variants: (scene) => {
    const t = scene.markNs("steady") - 0.3 * nsPerS;
    const listens = [scene.rpcEnd];
    return [100, 1_000].flatMap((ms) => {
      const stretch = { fromNs: t, toNs: t + ms * nsPerMs, listens };
      const made = overlaid(scene, "beta", stretch);
      return only(`${ms} ms`, made);
    });
  },
};

/** The active node listens on every address and not on the VIP alone. */
const wildcard: Change = {
  name: "wildcard-listener",
  kind: "ownership",
  says: "the controller of one node listens on every address",
  turns: [],
  everywhere: ["DUAL-2"],
  variants: (scene) =>
    (["alpha", "beta"] as const).flatMap((node) =>
      ["0.0.0.0", "[::]"].flatMap((address): Variant[] => {
        if (scene.active(node).length === 0) return [];
        const listens = [`${address}:${scene.view.endpoint.rpcPort}`];
        return [
          {
            at: `${node}, ${address}`,
            events: () =>
              scene.editedOf("observed", (event) =>
                event.node === node && event.listens.length > 0 ? { ...event, listens } : event,
              ),
          },
        ];
      }),
    ),
};

/** The old owner keeps the address while the new one has it. */
const lingers: Change = {
  name: "vip-lingers-on-the-old-owner",
  kind: "ownership",
  says: "after a demotion the old owner keeps the VIP for some seconds more than it should",
  turns: [],
  everywhere: ["NET-5"],
  variants: (scene) =>
    scene.takeovers().flatMap(({ from, to, place }) => {
      const lost = scene.view.spans[from].owns.findLast((span) => span.toNs < scene.loadEndNs && !span.isOpen);
      const taken = scene.view.spans[to].owns.find((span) => lost && span.fromNs >= lost.toNs);
      if (!lost || !taken || scene.view.spans[from].down.some((span) => overlaps(span, lost.toNs, taken.fromNs + 3e9)))
        return [];
      const made = overlaid(scene, from, { fromNs: lost.toNs - nsPerMs, toNs: taken.fromNs + 3e9, ownsVip: true });
      return only(`${from}, takeover ${place + 1}`, made);
    }),
};

function overlaps(span: { earliestNs: number; latestNs: number }, fromNs: number, toNs: number): boolean {
  return span.earliestNs <= toNs && span.latestNs >= fromNs;
}

/** The active node loses the address for a while, and the load goes on as if nothing were. */
const activeWithout: Change = {
  name: "active-node-without-the-vip",
  kind: "ownership",
  says: "the active node answers calls for a while although the VIP is not on it",
  turns: ["FAIL-1", "FAIL-2", "FAIL-3", "FAIL-5", "FAIL-6", "ROLE-1", "INV-4", "BOOT-2", "BOOT-3", "SEC-8"],
  variants: (scene) =>
    moments(scene)
      .slice(-1)
      .flatMap(({ at, t, active }) => {
        const made = overlaid(scene, active, { fromNs: t - 0.4 * nsPerS, toNs: t + 0.4 * nsPerS, ownsVip: false });
        return only(`${active}, ${at}`, made);
      }),
};

/** It serves no more and keeps the address: a black hole to the end of the load. */
const servesNoMore: Change = {
  name: "owner-serves-no-more",
  kind: "ownership",
  says: "the active node stops listening for good, and keeps the VIP",
  turns: [],
  everywhere: ["NET-5"],
  variants: (scene) => {
    const fromNs = scene.loadEndNs - (scene.view.bounds.failoverMaxS + 2) * nsPerS;
    const owner = (["alpha", "beta"] as const).find((node) =>
      scene.active(node).some((span) => span.fromNs < fromNs && span.toNs > scene.loadEndNs),
    );
    if (!owner) return [];
    return only(owner, overlaid(scene, owner, { fromNs, toNs: scene.loadEndNs, ownsVip: true, listens: [] }));
  },
};

export const ownershipChanges: readonly Change[] = [
  answeredByAnother({ name: "standby-answers", says: "the standby answers a call" }, (active) => [
    otherServiceNode(active),
  ]),
  answeredByAnother({ name: "gamma-answers", says: "gamma answers a call" }, () => ["gamma"]),
  vipTwice,
  twoActive,
  listensElsewhere,
  betaListensAtStart,
  wildcard,
  lingers,
  activeWithout,
  servesNoMore,
];
