// Wrong times: failovers outside their bounds, demotions that come too late, listeners in the time between.

import type { HistoryEvent, OperationEvent } from "#history/event.ts";
import { stateAt } from "#history/view.ts";
import { isServiceNode, type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import type { GateName } from "#spec/zone-spec.ts";
import { type Change, nsPerMs, nsPerS, only, type Variant } from "../change.ts";
import { overlaid } from "../overlay.ts";
import type { Scene } from "../scene.ts";
import { stretched } from "../stretched.ts";

const gateEntries: Partial<Record<GateName, string>> = {
  vip: "GATE-1",
  jetstream: "GATE-2",
  quorum: "GATE-3",
  storage: "GATE-4",
  certificate: "GATE-5",
  bind: "GATE-6",
};

const slow: Change = {
  name: "failover-too-slow",
  kind: "timing",
  says: "a failover takes 40 s: the first one of the scenario, a later one, or one from beta to alpha",
  turns: [],
  everywhere: ["TIME-1"],
  variants: (scene) =>
    scene.header.peer
      ? []
      : scene.takeovers().map(({ from, to, goneNs, activeNs, place }): Variant => ({
          at: `takeover ${place + 1}, ${from} to ${to}`,
          events: () => stretched(scene, activeNs - 0.1 * nsPerS, 40 * nsPerS - (activeNs - goneNs)),
        })),
};

const fast: Change = {
  name: "failover-too-fast",
  kind: "timing",
  says: "the new node serves 1.5 s after the old one: it did not wait until the old one was surely down",
  turns: [],
  everywhere: ["TIME-1"],
  variants: (scene) =>
    scene.takeovers().flatMap(({ from, to, goneNs, activeNs, place }): Variant[] => {
      const ofOld = scene.view.faults.filter((life) => life.nodes.includes(from));
      const effects = ofOld.map((life) => scene.effectOf(life)).filter((t) => t < goneNs + 0.5 * nsPerS);
      const effectNs = Math.max(...effects, -Infinity);
      const answerNs = Math.max(goneNs + 0.5 * nsPerS, effectNs + 1.5 * nsPerS);
      const early = scene.view.operations.find(
        ({ f, outcome, process, invokeNs, endNs }) =>
          f === "append" && outcome !== "ok" && process.startsWith("client") && invokeNs > answerNs && endNs < activeNs,
      );
      const seen = overlaid(scene, to, {
        fromNs: answerNs - 0.1 * nsPerS,
        toNs: activeNs,
        ownsVip: true,
        listens: [scene.rpcEnd],
      });
      if (!early || !seen || early.endNs > effectNs + 4.8 * nsPerS) return [];
      const ended = scene.events[early.index];
      return [
        {
          at: `takeover ${place + 1}, ${from} to ${to}`,
          events: () => seen().map((event) => (event === ended ? answered(event as OperationEvent, to) : event)),
        },
      ];
    }),
};

function answered({ t, op, process, f, messageId, digest }: OperationEvent, node: NodeName): HistoryEvent {
  const ids = { ...(messageId ? { messageId } : {}), ...(digest ? { digest } : {}) };
  return { t, type: "ok", op, process, f, ...ids, offset: 999_999, node };
}

/** Faults that close a gate on a service node while it is active, or while it is not. */
function gateFaults(scene: Scene, isActive: boolean) {
  return scene.view.faults.flatMap((life) => {
    const [node] = life.nodes;
    const gate = life.traits.gate;
    const effectNs = scene.effectOf(life);
    const endNs = Math.min(life.phases.healing?.event.t ?? life.phases.healed?.event.t ?? Infinity, scene.loadEndNs);
    if (!node || !isServiceNode(node) || gate === undefined || gate === null || !(effectNs < endNs)) return [];
    const touchedNs = (life.phases.injecting ?? life.phases.intended)?.event.t ?? effectNs;
    const wasActive = scene.active(node).some((span) => span.fromNs <= touchedNs && span.toNs >= touchedNs);
    const entry = gateEntries[gate];
    return wasActive === isActive && entry ? [{ life, node, entry, touchedNs, effectNs, endNs }] : [];
  });
}

const lateDemotion: Change = {
  name: "demotion-too-late",
  kind: "timing",
  says: "a node that lost a gate keeps the VIP and serves for 6.5 s",
  turns: [],
  variants: (scene) =>
    gateFaults(scene, true).flatMap(({ life, node, entry, touchedNs, effectNs }): Variant[] => {
      const toNs = effectNs + 6.5 * nsPerS;
      const made = overlaid(scene, node, { fromNs: touchedNs, toNs, ownsVip: true, listens: [scene.rpcEnd] });
      return made ? [{ at: life.spec.words ?? node, turns: [entry], events: made }] : [];
    }),
};

const listensWhileClosed: Change = {
  name: "listens-with-a-closed-gate",
  kind: "timing",
  says: "a node listens for a moment while one of its gates is closed",
  turns: [],
  variants: (scene) =>
    [...gateFaults(scene, false), ...gateFaults(scene, true)].flatMap(
      ({ life, node, entry, effectNs, endNs }): Variant[] => {
        const fromNs = Math.max(effectNs + (endNs - effectNs) * 0.75, effectNs + 5.2 * nsPerS);
        const toNs = fromNs + 100 * nsPerMs;
        const isWarned = scene.header.zone.spec.certificate?.policy === "warn" && life.spec.way === "short";
        const isSilent = stateAt(scene.view, node, fromNs)?.listens.length === 0;
        const made = overlaid(scene, node, { fromNs, toNs, ownsVip: true, listens: [scene.rpcEnd] });
        return made && isSilent && !isWarned && toNs < endNs
          ? [{ at: life.spec.words ?? node, turns: [entry, "FAIL-7", "FAIL-8"], events: made }]
          : [];
      },
    ),
};

/** A black hole: the node takes the address back from which it cannot answer. */
const ownsWhileClosed: Change = {
  name: "takes-the-vip-back-with-a-closed-gate",
  kind: "timing",
  says: "a node that was demoted by a gate takes the VIP back for a moment while the gate is closed, and does not listen",
  turns: [],
  variants: (scene) =>
    gateFaults(scene, true).flatMap(({ life, node, entry, effectNs, endNs }): Variant[] => {
      const fromNs = Math.max(effectNs + (endNs - effectNs) * 0.75, effectNs + 5.2 * nsPerS);
      const toNs = fromNs + 100 * nsPerMs;
      const isDemoted = stateAt(scene.view, node, fromNs)?.ownsVip === false;
      const made = overlaid(scene, node, { fromNs, toNs, ownsVip: true, listens: [] });
      return made && isDemoted && toNs < endNs ? [{ at: life.spec.words ?? node, turns: [entry], events: made }] : [];
    }),
};

/** A gate was closed to no purpose: the standby could never be promoted at all. */
const neverFit: Change = {
  name: "standby-could-never-be-promoted",
  kind: "premises",
  says: "beta is never promoted in the whole scenario, so that its denial shows nothing",
  turns: ["GATE-2", "GATE-3", "GATE-4", "GATE-5", "GATE-6", "DUAL-3", "FAIL-7", "FAIL-8", "MECH-3"],
  variants: (scene): Variant[] => {
    if (scene.active("beta").length === 0 || gateFaults(scene, false).length === 0) return [];
    return [
      {
        at: "beta",
        events: () =>
          scene.edited((event) => {
            if (event.type === "observed" && event.node === "beta" && event.listens.length > 0) {
              const { controller: _, ...rest } = event;
              return { ...rest, ownsVip: false, listens: [] };
            }
            if (event.type !== "ok" || event.node !== "beta") return event;
            const { t, op, process, f } = event;
            return { t, type: "info", op, process, f, error: "call-timeout" };
          }),
      },
    ];
  },
};

/** A controller that an operator started by hand. */
const handStartListens: Change = {
  name: "start-by-hand-listens",
  kind: "timing",
  says: "a controller that was started by hand with a gate closed listens for a moment",
  turns: [],
  variants: (scene) =>
    scene.marks("started-by-hand").flatMap(({ event }, place): Variant[] => {
      const { node, atNs } = event.detail;
      const hasVip = stateAt(scene.view, node, atNs)?.ownsVip === true;
      const turns = hasVip ? ["DUAL-3"] : ["DUAL-3", "DUAL-4", "GATE-1"];
      return [20, 400].flatMap((ms) => {
        const fromNs = atNs + 0.5 * nsPerS;
        const made = overlaid(scene, node, { fromNs, toNs: fromNs + ms * nsPerMs, listens: [scene.rpcEnd] });
        return made ? [{ at: `start ${place + 1} on ${node}, ${ms} ms`, turns, events: made }] : [];
      });
    }),
};

const startedAgain: Change = {
  name: "supervisor-starts-it-again",
  kind: "timing",
  says: "the supervisor starts a controller again that ended on a standby",
  turns: ["DUAL-5"],
  variants: (scene) =>
    scene.marks("started-by-hand").flatMap(({ event, index }, place): Variant[] => {
      if (stateAt(scene.view, event.detail.node, event.detail.atNs)?.ownsVip !== false) return [];
      const at = `start ${place + 1} on ${event.detail.node}`;
      const withDetail = (detail: { seen?: number; left?: number }) => () =>
        scene.replaced(index, { ...event, detail: { ...event.detail, ...detail } });
      return [
        { at: `${at}, seen twice`, events: withDetail({ seen: 2 }) },
        { at: `${at}, still there`, events: withDetail({ seen: 1, left: 1 }) },
      ];
    }),
};

/** The controller of the active node is killed and comes back while the node still has the VIP. */
const backAfterCrash: Change = {
  name: "back-after-a-crash",
  kind: "timing",
  says: "a controller that was killed on the active node listens again without a new promotion",
  turns: ["DUAL-5"],
  variants: (scene) =>
    scene.view.faults.flatMap((life): Variant[] => {
      const [node] = life.nodes;
      if (life.fault !== "process-kill" || life.spec.process !== "controller" || !node) return [];
      const fromNs = scene.effectOf(life) + 5 * nsPerMs;
      const owning = overlaid(scene, node, { fromNs, toNs: fromNs + 3 * nsPerS, ownsVip: true });
      if (!owning) return [];
      const listens = [scene.rpcEnd];
      return [
        {
          at: node,
          events: () =>
            owning().map((event) =>
              event.type === "observed" && event.node === node && event.t > fromNs && event.t <= fromNs + 2.9 * nsPerS
                ? { ...event, listens }
                : event,
            ),
        },
      ];
    }),
};

/** After each start of a node it listens before it has had the VIP. */
const listensAtBoot: Change = {
  name: "listens-before-the-vip",
  kind: "timing",
  says: "a node listens for a moment after its start, before the VIP comes to it",
  turns: ["GATE-7", "BOOT-4"],
  variants: (scene) =>
    nodeNames.flatMap((node) =>
      scene.view.observations[node].flatMap(({ event }, place): Variant[] => {
        const isCold = scene.of("node").some((one) => one.event.phase === "starting");
        const isJudged = isCold || event.t > scene.markNs("zone-ready");
        if (event.startedNs === undefined || !event.isAlive || !isJudged) return [];
        const fromNs = event.t + 50 * nsPerMs;
        const stretch = { fromNs, toNs: fromNs + 200 * nsPerMs, listens: [`0.0.0.0:${scene.view.endpoint.rpcPort}`] };
        const made = overlaid(scene, node, stretch);
        return made ? [{ at: `${node}, ${scene.second(event.t)}, look ${place + 1}`, events: made }] : [];
      }),
    ),
};

const listensWhileOff: Change = {
  name: "listens-with-keepalived-off",
  kind: "timing",
  says: "a node listens for a moment while keepalived is off on both",
  turns: ["BOOT-4"],
  variants: (scene) => {
    const off = scene.view.faults.filter((life) => (life.spec.process ?? life.spec.service) === "keepalived");
    if (off.length < 2) return [];
    const fromNs = Math.max(...off.map((life) => scene.effectOf(life))) + 6 * nsPerS;
    return serviceNodes.flatMap((node) => {
      const made = overlaid(scene, node, { fromNs, toNs: fromNs + 100 * nsPerMs, listens: [scene.rpcEnd] });
      return only(node, made);
    });
  },
};

const betaFirst: Change = {
  name: "beta-gets-the-vip-first",
  kind: "timing",
  says: "in a cold start beta has the VIP before alpha",
  turns: ["BOOT-5"],
  variants: (scene) => {
    const isCold = scene.of("node").some(({ event }) => event.phase === "starting");
    const owned = scene.view.spans.alpha.owns[0];
    if (!isCold || !owned) return [];
    return [0.1, 1].flatMap((s) => {
      const stretch = { fromNs: owned.fromNs - (s + 0.5) * nsPerS, toNs: owned.fromNs - 0.5 * nsPerS };
      const made = overlaid(scene, "beta", { ...stretch, ownsVip: true });
      return only(`for ${s} s`, made);
    });
  },
};

const neverSteady: Change = {
  name: "zone-never-steady",
  kind: "timing",
  says: "the zone does not come to its steady state after its start",
  turns: ["BOOT-2", "BOOT-3"],
  variants: (scene) => {
    const isCold = scene.of("node").some(({ event }) => event.phase === "starting");
    const steady = scene.marks("steady")[0];
    if (!isCold || !steady) return [];
    const detail = { isTimedOut: true, saw: "beta is active" };
    return [{ at: "the wait for it ended", events: () => scene.replaced(steady.index, { ...steady.event, detail }) }];
  },
};

export const timingChanges: readonly Change[] = [
  slow,
  fast,
  lateDemotion,
  listensWhileClosed,
  ownsWhileClosed,
  neverFit,
  handStartListens,
  startedAgain,
  backAfterCrash,
  listensAtBoot,
  listensWhileOff,
  betaFirst,
  neverSteady,
];
