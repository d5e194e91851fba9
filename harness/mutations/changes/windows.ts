// Wrongs that show only in a long enough window, or in one that the harness opens: acknowledgements that are withheld,
// a late first answer, a late stop.

import type { HistoryEvent, MarkEvent } from "#history/event.ts";
import { contendedOver } from "#checkers/queries/contention.ts";
import { otherServiceNode } from "#spec/node.ts";
import { type Change, nsPerMs, nsPerS, only, type Variant } from "../change.ts";
import { overlaid } from "../overlay.ts";
import type { Scene } from "../scene.ts";

const acknowledgedEarly: Change = {
  name: "acknowledged-while-two-servers-are-frozen",
  kind: "timing",
  says: "a node acknowledges an append while the servers of both other nodes are frozen",
  turns: ["DUR-10"],
  variants: (scene) =>
    scene.marks("withheld").flatMap(({ event: { detail } }): Variant[] => {
      const { active, fromNs, toNs } = detail;
      if (!active || fromNs === undefined || toNs === undefined) return [];
      const inside = scene.view.operations.filter(
        ({ f, invokeNs, endNs }) =>
          f === "append" && invokeNs > fromNs && invokeNs < toNs - 20 * nsPerMs && endNs > toNs,
      );
      const chosen: [string, (typeof inside)[number] | undefined][] = [
        ["the first", inside[0]],
        ["the last", inside.at(-1)],
      ];
      return chosen.flatMap(([at, call]) => {
        const ended = call && scene.events[call.index];
        if (ended?.type !== "ok") return [];
        return only(`${at} call at ${scene.second(fromNs)}`, () =>
          scene.replaced(call!.index, { ...ended, t: call!.invokeNs + 5 * nsPerMs }),
        );
      });
    }),
};

const preempted: Change = {
  name: "preempted-late",
  kind: "timing",
  says: "a returned node takes the VIP back 25 s after its return",
  turns: ["MECH-4"],
  variants: (scene) =>
    scene.marks("recovered").flatMap(({ event: { t, detail } }): Variant[] => {
      const backNs = t + 25 * nsPerS;
      const { node } = detail;
      if ((node !== "alpha" && node !== "beta") || backNs > scene.loadEndNs) return [];
      const away = { fromNs: backNs, toNs: scene.view.lastNs, ownsVip: false, listens: [] };
      return only(node, overlaid(scene, otherServiceNode(node), away));
    }),
};

const lateFirstAnswer: Change = {
  name: "first-answer-late",
  kind: "timing",
  says: "a promoted node listens and answers its first call 4 s later",
  turns: [],
  everywhere: ["MECH-2"],
  variants: (scene) => {
    const provokedNs = scene.markNs("provoked");
    return scene.takeovers().flatMap(({ to, activeNs, place }): Variant[] => {
      const untilNs = activeNs + 4 * nsPerS;
      const span = scene.active(to).find((one) => one.fromNs === activeNs);
      const isCalled = scene.view.operations.some(({ invokeNs }) => invokeNs > untilNs);
      if (!(activeNs > provokedNs) || !span || span.toNs < untilNs || !isCalled || hasLostStore(scene)) return [];
      // Lateness proves nothing then.
      if (contendedOver(scene.view, { fromNs: activeNs, toNs: untilNs })) return [];
      return only(`takeover ${place + 1}, by ${to}`, () =>
        scene.unanswered(({ node, endNs }) => node === to && endNs > activeNs - nsPerS && endNs < untilNs),
      );
    });
  },
};

function hasLostStore({ view }: Scene): boolean {
  return view.faults.some((life) => life.traits.store === "lost" || life.fault === "facts-deleted");
}

const isolatedLate: Change = {
  name: "isolated-node-stops-late",
  kind: "timing",
  says: "an isolated node stays active for 8 s, and stops just before the other one is active",
  turns: ["FAIL-5"],
  variants: (scene) => {
    const [life] = scene.view.faults;
    const [takeover] = scene.takeovers();
    if (!life || !takeover) return [];
    const toNs = scene.effectOf(life) + 8 * nsPerS;
    if (toNs > takeover.activeNs) return [];
    const stretch = { fromNs: takeover.goneNs, toNs, ownsVip: true, listens: [scene.rpcEnd] };
    return only(takeover.from, overlaid(scene, takeover.from, stretch));
  },
};

const handBackTwice: Change = {
  name: "two-active-in-the-hand-back",
  kind: "ownership",
  says: "while an operator moves the service back, both nodes are active",
  turns: ["DUAL-0"],
  everywhere: ["NET-5"],
  variants: (scene) => {
    const fromNs = scene.markNs("handing-back");
    const back = scene.active("alpha").find((span) => span.fromNs > fromNs);
    if (!back) return [];
    const stretch = {
      fromNs: fromNs + 10 * nsPerMs,
      toNs: back.fromNs + nsPerS,
      ownsVip: true,
      listens: [scene.rpcEnd],
    };
    return only("beta", overlaid(scene, "beta", stretch));
  },
};

/** An edit of one mark, after which nothing of the scenario may be kept, or these entries may not. */
function ofMark(
  change: Pick<Change, "name" | "says" | "turns">,
  isOne: (event: HistoryEvent) => boolean,
  edit: (event: HistoryEvent) => HistoryEvent | undefined,
): Change {
  return {
    ...change,
    kind: "premises",
    variants: (scene) =>
      scene.events.some(isOne)
        ? [{ at: "each", events: () => scene.edited((event) => (isOne(event) ? edit(event) : event)) }]
        : [],
  };
}

const isNeighbour = (event: HistoryEvent) => event.type === "mark" && event.mark === "neighbour";
const isWithheld = (event: HistoryEvent) => event.type === "mark" && event.mark === "withheld";

const staleNeighbour = ofMark(
  {
    name: "neighbour-stale",
    says: "the client's neighbour entry was old, so the client looked for the VIP by itself",
    turns: "all",
  },
  isNeighbour,
  (event) => {
    const { detail, ...mark } = event as MarkEvent<"neighbour">;
    return { ...mark, detail: { ...detail, state: "STALE" } };
  },
);

const neighbourUnknown = ofMark(
  { name: "neighbour-not-read", says: "the client's neighbour entry was not read before a failover", turns: "all" },
  isNeighbour,
  () => undefined,
);

const neverFrozen = ofMark(
  { name: "servers-not-frozen", says: "no server was frozen, so nothing was withheld", turns: ["DUR-10"] },
  isWithheld,
  () => undefined,
);

export const windowChanges: readonly Change[] = [
  acknowledgedEarly,
  preempted,
  lateFirstAnswer,
  isolatedLate,
  handBackTwice,
  staleNeighbour,
  neighbourUnknown,
  neverFrozen,
];
