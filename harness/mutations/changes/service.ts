// Wrong service: after the fault, calls of one kind or most calls get no answer, although the zone looks well.

import type { OperationName } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import { type Change, nsPerMs, nsPerS, type Variant } from "../change.ts";
import { asRefusal, type Scene } from "../scene.ts";

/** The rows of the failure table, and the rotation: they promise that service goes on. */
const rows = "FAIL-1 FAIL-2 FAIL-3 FAIL-4 FAIL-5 FAIL-6 FAIL-7 FAIL-8 SEC-5".split(" ");

/** The first answer of the node that serves after the first fault; Infinity without one. */
function servedAgainNs(scene: Scene): number {
  const answers = scene.answered("append", (one) => one.invokeNs > scene.effectNs);
  return answers[0]?.endNs ?? Infinity;
}

/** Answers of that kind since the fault, without the first ones: the zone did take over. */
function laterAnswers(scene: Scene, f: OperationName): Operation[] {
  const sinceNs = servedAgainNs(scene) + nsPerS;
  return scene.answered(f, (one) => one.invokeNs > sinceNs);
}

function none(f: "fetch" | "confirm"): Change {
  return {
    name: `no-${f}-after-the-fault`,
    kind: "service",
    says: `after the fault the active node answers no ${f} any more`,
    turns: rows,
    variants: (scene) => {
      const lost = new Set(laterAnswers(scene, f).map((one) => one.index));
      if (lost.size === 0) return [];
      return [
        { at: "as time-outs", events: () => scene.unanswered((one) => lost.has(one.index)) },
        {
          at: "as refusals",
          events: () =>
            scene.edited((event, index) => (event.type === "ok" && lost.has(index) ? asRefusal(event) : event)),
        },
      ];
    },
  };
}

/** Everything is refused but an append now and then. */
const fewAppends: Change = {
  name: "few-appends-after-the-fault",
  kind: "service",
  says: "after the fault one append is answered every few seconds, and nothing else",
  turns: [...rows, "INV-3"],
  variants: (scene) =>
    [2, 6].flatMap((everyS): Variant[] => {
      const answers = laterAnswers(scene, "append");
      if (answers.length < 20) return [];
      let lastNs = -Infinity;
      const spared = new Set<number>();
      for (const one of answers.toSorted((a, b) => a.endNs - b.endNs))
        if (one.endNs - lastNs >= everyS * nsPerS || one.endNs > scene.loadEndNs - 2 * nsPerS) {
          lastNs = one.endNs;
          spared.add(one.index);
        }
      const sinceNs = servedAgainNs(scene) + nsPerS;
      return [
        {
          at: `one in ${everyS} s`,
          events: () => scene.unanswered((one) => one.invokeNs > sinceNs && !spared.has(one.index)),
        },
      ];
    }),
};

/** A share of the appends is lost for the rest of the scenario. */
const shareOfAppends: Change = {
  name: "share-of-appends-after-the-fault",
  kind: "service",
  says: "after the fault a share of the appends gets no answer, to the end of the load",
  turns: rows,
  variants: (scene) =>
    [2, 4, 10].flatMap((nth): Variant[] => {
      const lost = new Set(laterAnswers(scene, "append").flatMap((one, place) => (place % nth === 0 ? one.index : [])));
      if (lost.size < 10) return [];
      return [{ at: `one of ${nth}`, events: () => scene.unanswered((one) => lost.has(one.index)) }];
    }),
};

/** A fault, and the return of a node, may each cost an election. Later nothing explains an outage. */
const secondOutage: Change = {
  name: "second-outage",
  kind: "service",
  says: "at a time when no fault explains it, no call is answered for some seconds",
  turns: rows,
  variants: (scene) => {
    // Within this time an election explains a gap.
    const excusedNs = scene.view.bounds.outageMaxMs * nsPerMs;
    const touched = scene.view.faults.flatMap(({ phases }) =>
      [phases.intended, phases.effective, phases.healing, phases.healed].flatMap((at) => at?.event.t ?? []),
    );
    // Longer than a request may take with its retries.
    return [4, 5].flatMap((forS): Variant[] => {
      const isFree = (fromNs: number) =>
        touched.every((t) => t < fromNs - excusedNs || t > fromNs + forS * nsPerS) && fromNs > servedAgainNs(scene);
      const fromNs = touched
        .map((t) => t + excusedNs + 1)
        .find((t) => isFree(t) && t + forS * nsPerS < scene.loadEndNs - nsPerS);
      if (fromNs === undefined) return [];
      const isLost = (one: Operation) => one.endNs > fromNs && one.endNs < fromNs + forS * nsPerS;
      if (scene.answered("append", isLost).length < 20 * forS) return [];
      return [{ at: `${forS} s from ${scene.second(fromNs)}`, events: () => scene.unanswered(isLost) }];
    });
  },
};

/** So long, at least, other kinds of calls go on to be answered: longer than a request may take. */
const contradictedS = 5;

/**
 * While a node that is not active is out, one kind of call gets no answer, and every other kind does. Both need the
 * same leaders, so no election explains it.
 */
const oneKindLost: Change = {
  name: "one-kind-lost-while-a-node-is-out",
  kind: "service",
  says: "while a node is out one kind of call gets no answer, although calls that need the same leaders are answered",
  turns: ["FAIL-2", "FAIL-3", "FAIL-6"],
  variants: (scene) => {
    const [life, ...more] = scene.view.faults;
    const untilNs = life?.phases.healing?.event.t;
    if (!life || more.length > 0 || untilNs === undefined) return [];
    const failed = scene.view.operations.filter(
      (one) => one.outcome !== "ok" && one.endNs > scene.effectOf(life) && one.invokeNs < untilNs,
    );
    // The election that the fault did cause is over.
    const sinceNs = Math.max(scene.effectOf(life), ...failed.map(({ f, endNs }) => (f === "fetch" ? endNs : 0)));
    if (untilNs - sinceNs < contradictedS * nsPerS) return [];
    const isIn = ({ invokeNs, endNs }: Operation) => invokeNs > sinceNs && endNs < untilNs;
    const ids = new Set<string | undefined>();
    const first = new Set<number>();
    for (const { index, messageId } of scene.view.operations) {
      if (!ids.has(messageId)) first.add(index);
      ids.add(messageId);
    }
    const kinds: [string, (one: Operation) => boolean][] = [
      ["confirmations", ({ f }) => f === "confirm"],
      ["new facts", ({ f, index }) => f === "append" && first.has(index)],
    ];
    return kinds.map(([at, isOne]) => ({ at, events: () => scene.unanswered((one) => isOne(one) && isIn(one)) }));
  },
};

export const serviceChanges: readonly Change[] = [
  none("fetch"),
  none("confirm"),
  fewAppends,
  shareOfAppends,
  secondOutage,
  oneKindLost,
];
