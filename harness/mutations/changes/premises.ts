// Missing premises: the fault has no proof, the observer did not sample, the load was too small, a probe could not have
// said yes. Then nothing is known. Also answers in times in which none may come.

import type { FaultEvent, HistoryEvent, OperationEvent } from "#history/event.ts";
import type { FaultLife } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { type Change, nsPerS, only, type Variant } from "../change.ts";
import { overlaid } from "../overlay.ts";
import type { Scene } from "../scene.ts";

/** The first and the last fault of a history. */
function faultsOf(scene: Scene): FaultLife[] {
  const { faults } = scene.view;
  return faults.length > 1 ? [faults[0]!, faults.at(-1)!] : [...faults];
}

function ofFaults(name: string, says: string, change: (event: FaultEvent) => HistoryEvent | undefined): Change {
  return {
    name,
    kind: "premises",
    says,
    turns: "all",
    variants: (scene) =>
      faultsOf(scene).map((life): Variant => ({
        at: `${life.fault} on ${life.nodes.join("+")} (${life.id})`,
        events: () => scene.edited((event) => (event.type === "fault" && event.id === life.id ? change(event) : event)),
      })),
  };
}

function withoutProof({ proof: _, ...event }: FaultEvent): FaultEvent {
  return event as FaultEvent;
}

const effectUnproved = ofFaults("effect-without-proof", "nothing proves that the fault took effect", (event) =>
  event.phase === "effective" ? withoutProof(event) : event,
);

const undoingUnproved = ofFaults("undoing-without-proof", "nothing proves that the fault was undone", (event) =>
  event.phase === "healed" ? withoutProof(event) : event,
);

const neverHealed = ofFaults("fault-never-undone", "the fault was not undone", (event) =>
  event.phase === "healed" ? undefined : event,
);

const faultFailed = ofFaults("fault-failed", "the fault could not be injected", (event) =>
  event.phase === "effective"
    ? ({ ...event, phase: "failed", proof: "the command ended with 1" } as HistoryEvent)
    : event,
);

const trouble: Change = {
  name: "harness-in-trouble",
  kind: "premises",
  says: "the harness itself failed during the scenario",
  turns: "all",
  variants: (scene) => [
    {
      at: "at the end",
      events: () =>
        scene.with({ t: scene.loadEndNs, type: "trouble", code: "agent/lost", message: "the observer ended" }),
    },
  ],
};

const lowLoad: Change = {
  name: "load-below-its-floor",
  kind: "premises",
  says: "for 6 s the clients called too rarely",
  turns: "all",
  variants: (scene) => {
    const isPaused = scene.marks("load-paused").length > 0;
    const toNs = scene.loadEndNs - 0.5 * nsPerS;
    const fromNs = toNs - 6.5 * nsPerS;
    if (isPaused || fromNs < scene.markNs("load-started")) return [];
    const gone = new Set<number>();
    for (const one of scene.view.operations)
      if (one.f === "append" && one.invokeNs > fromNs && one.invokeNs < toNs) gone.add(one.invokeIndex).add(one.index);
    return [
      { at: "before the end", events: () => scene.edited((event, index) => (gone.has(index) ? undefined : event)) },
    ];
  },
};

const silence: Change = {
  name: "observer-silent",
  kind: "premises",
  says: "the observer did not report for 4 s",
  turns: "all",
  variants: (scene) => {
    const whole = { fromNs: scene.markNs("zone-ready"), toNs: scene.loadEndNs };
    const stretches: [string, number][] = [
      ["before the end", whole.toNs - 4.5 * nsPerS],
      ["at the fault", Math.min(scene.calmUntilNs - 2 * nsPerS, whole.toNs - 5 * nsPerS)],
    ];
    return stretches.flatMap(([at, fromNs]): Variant[] => {
      if (fromNs < whole.fromNs) return [];
      const isGone = (t: number) => t > fromNs && t < fromNs + 4 * nsPerS;
      return [{ at, events: () => scene.editedOf("looks", (event) => (isGone(event.t) ? undefined : event)) }];
    });
  },
};

/** Entries that judge a zone from its first moment on. */
const coldEntries = ["BOOT-2", "BOOT-3", "BOOT-4", "BOOT-5", "BOOT-6"];

/** Shorter than the silence, and long enough for a promotion and a demotion. */
const gap: Change = {
  name: "observer-gap",
  kind: "premises",
  says: "the observer did not sample for 800 ms",
  turns: [],
  variants: (scene) => {
    const isCold = scene.of("node").some((one) => one.event.phase === "starting");
    const turns = ["DUAL-0", ...(isCold ? coldEntries : [])];
    const inside = scene
      .of("looks")
      .filter(({ event }) => event.t > scene.markNs("zone-ready") && event.t < scene.loadEndNs);
    const chosen: [string, (typeof inside)[number] | undefined][] = [
      ["early", inside[1]],
      ["late", inside.at(-2)],
    ];
    return chosen.flatMap(([at, look]): Variant[] =>
      look ? [{ at, turns, events: () => scene.replaced(look.index, { ...look.event, gapMaxNs: 0.8 * nsPerS }) }] : [],
    );
  },
};

const startUnseen: Change = {
  name: "start-unseen",
  kind: "premises",
  says: "a node ran for 4 s before the observer first saw it",
  turns: [],
  variants: (scene) =>
    nodeNames.flatMap((node) =>
      scene.view.observations[node].flatMap(({ event, index }): Variant[] => {
        if (event.startedNs === undefined) return [];
        const startedNs = event.t - 4 * nsPerS;
        const others = nodeNames.filter((name) => name !== node).flatMap((name) => scene.active(name));
        // Alone, a node cannot be the second active one.
        const isAlone = !others.some((span) => span.fromNs < event.t && span.toNs > startedNs);
        const isCold = scene.of("node").some((one) => one.event.phase === "starting");
        const turns = [...(isAlone ? [] : ["DUAL-0"]), ...(isCold ? coldEntries : ["GATE-7"])];
        return [
          {
            at: `${node}, ${scene.second(event.t)}`,
            turns,
            events: () => scene.replaced(index, { ...event, startedNs }),
          },
        ];
      }),
    ),
};

const neverObserved: Change = {
  name: "node-never-observed",
  kind: "premises",
  says: "the observer never saw one node",
  turns: ["DUAL-0", "NET-5", "INV-4"],
  variants: (scene) =>
    nodeNames
      .filter((node) => scene.view.spans[node].owns.length === 0)
      .map((node): Variant => ({
        at: node,
        events: () => scene.editedOf("observed", (event) => (event.node === node ? undefined : event)),
      })),
};

function withoutMark(mark: "steady" | "audited" | "load-stopped"): Change {
  return {
    name: `never-${mark}`,
    kind: "premises",
    says: `the scenario never reached "${mark}"`,
    turns: "all",
    variants: (scene) => {
      const [found] = scene.marks(mark);
      return found ? [{ at: "the whole run", events: () => scene.replaced(found.index, undefined) }] : [];
    },
  };
}

/** The reader stopped early, and says how many messages it counted. */
const auditCut: Change = {
  name: "audit-cut-short",
  kind: "premises",
  says: "the audit counted more messages than it recorded",
  turns: ["DUR-6"],
  variants: (scene) => {
    const [mark] = scene.marks("audited");
    if (!mark) return [];
    const events = () => scene.replaced(mark.index, { ...mark.event, detail: { messages: 1_000_000 } });
    return [{ at: "by its own count", events }];
  },
};

const nothingServed: Change = {
  name: "nothing-served-before-the-fault",
  kind: "premises",
  says: "no call was answered before the first fault",
  turns: "all",
  variants: (scene) =>
    scene.view.faults.length === 0
      ? []
      : [
          {
            at: "no append",
            events: () => scene.unanswered((one) => one.f === "append" && one.endNs < scene.effectNs),
          },
        ],
};

const powerApart: Change = {
  name: "power-lost-one-after-the-other",
  kind: "premises",
  says: "the three nodes did not lose power at once",
  turns: ["DUR-7", "DUR-8"],
  variants: (scene) => {
    const life = scene.view.faults.find(({ fault, nodes }) => fault === "power" && nodes.length === nodeNames.length);
    const effective = life?.phases.effective;
    if (!effective) return [];
    const event = { ...effective.event, detail: { ...effective.event.detail, spreadMs: 400 } } as HistoryEvent;
    return [{ at: "400 ms apart", events: () => scene.replaced(effective.index, event) }];
  },
};

/** The probe that must be refused while gamma is alone was never able to be acknowledged. */
const probeBlind: Change = {
  name: "quorum-probe-could-not-say-yes",
  kind: "premises",
  says: "the probe of the quorum fails before the fault too, for another reason",
  turns: ["FAIL-4"],
  variants: (scene) => {
    if (scene.of("quorum").length < 2) return [];
    return ["authorization violation", "no responders"].map((error): Variant => ({
      at: error,
      events: () => scene.editedOf("quorum", (event) => ({ ...event, isAcknowledged: false, error })),
    }));
  },
};

const probeAcknowledged: Change = {
  name: "gamma-alone-acknowledges",
  kind: "premises",
  says: "gamma alone acknowledges a write",
  turns: ["FAIL-4"],
  variants: (scene) =>
    scene
      .of("quorum")
      .filter(({ event }) => !event.isAcknowledged)
      .map(({ event, index }, place): Variant => {
        const { error: _, ...rest } = event;
        return { at: `probe ${place + 1}`, events: () => scene.replaced(index, { ...rest, isAcknowledged: true }) };
      }),
};

/** In the longest time without an active node: both are down, or the one that is left is denied. */
const answeredInBetween: Change = {
  name: "answered-while-no-node-may",
  kind: "service",
  says: "a call is answered while no node may be active",
  turns: ["FAIL-4", "FAIL-7", "MECH-3", "INV-4"],
  variants: (scene) => {
    const [longest] = scene.takeovers().toSorted((a, b) => b.activeNs - b.goneNs - (a.activeNs - a.goneNs));
    const lives = scene.view.faults.filter((life) => life.nodes.some((node) => node !== "gamma"));
    const fromNs = longest?.goneNs ?? Math.max(...lives.map((life) => scene.effectOf(life)));
    const untilNs = longest?.activeNs ?? Math.min(...lives.map(({ phases }) => phases.healing?.event.t ?? Infinity));
    const t = fromNs + (untilNs - fromNs) * 0.4;
    const call = scene.view.operations.find((one) => one.f === "append" && one.outcome !== "ok" && one.invokeNs > t);
    if (!call || call.endNs > untilNs || !scene.view.faults[0]) return [];
    const { t: endNs, op, process, f } = scene.events[call.index] as OperationEvent;
    const answer = { t: endNs, type: "ok", op, process, f, offset: 999_999, node: "beta" } as const;
    return [{ at: scene.second(endNs), events: () => scene.replaced(call.index, answer) }];
  },
};

/** A client inside the isolated node is answered by it, after the other one has taken over. */
const answersInside: Change = {
  name: "isolated-node-answers-inside",
  kind: "ownership",
  says: "the isolated node answers a client that runs on it, after the other node took over",
  turns: ["FAIL-5", "DUAL-0"],
  variants: (scene) => {
    const [takeover] = scene.takeovers();
    if (!takeover) return [];
    const { from, activeNs } = takeover;
    const call = scene.view.operations.find(
      (one) =>
        one.process.startsWith(`${from}-`) &&
        one.f === "append" &&
        one.outcome !== "ok" &&
        one.invokeNs > activeNs + 1e9,
    );
    if (!call) return [];
    const { t, op, process, f } = scene.events[call.index] as OperationEvent;
    const answer = { t, type: "ok", op, process, f, offset: 999_999, node: from } as const;
    return [{ at: `${from}, ${scene.second(t)}`, events: () => scene.replaced(call.index, answer) }];
  },
};

/** The cut-off node goes on as before. */
const neverStops: Change = {
  name: "isolated-node-never-stops",
  kind: "timing",
  says: "the isolated node keeps the VIP and listens until the network heals",
  turns: ["FAIL-5", "DUAL-0"],
  variants: (scene) => {
    const life = scene.view.faults.find(({ fault, nodes }) => fault === "cut" && nodes.includes("alpha"));
    const toNs = life?.phases.healing?.event.t;
    const isIsolated = life?.spec.segments?.includes("zone") ?? true;
    if (!life || !isIsolated || toNs === undefined || scene.takeovers().length === 0) return [];
    const stretch = { fromNs: scene.effectOf(life), toNs, ownsVip: true, listens: [scene.rpcEnd] };
    const made = overlaid(scene, "alpha", stretch);
    return only("alpha", made);
  },
};

export const premiseChanges: readonly Change[] = [
  effectUnproved,
  undoingUnproved,
  neverHealed,
  faultFailed,
  trouble,
  lowLoad,
  silence,
  gap,
  startUnseen,
  neverObserved,
  withoutMark("steady"),
  withoutMark("audited"),
  withoutMark("load-stopped"),
  auditCut,
  nothingServed,
  powerApart,
  probeBlind,
  probeAcknowledged,
  answeredInBetween,
  answersInside,
  neverStops,
];
