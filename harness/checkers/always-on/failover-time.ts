// TIME-1: the time of a failover, from the effect of the fault to the first call that another node answers through the
// VIP, on the client's clock. It must be inside the bounds of the run. Too fast is broken too: the promotion did not
// wait until the old node was certainly down.

import type { Operation } from "#history/operations.ts";
import type { FaultLife, HistoryView } from "#history/view.ts";
import { brokenWords, type Figures } from "#spec/figures.ts";
import type { NodeName } from "#spec/node.ts";
import { type Checker, msOf, nsPerS, type Ruling, secondsOf } from "../checker.ts";
import { contendedOver, runnableOver } from "../queries/cpu-contention.ts";
import { backToFullRate, serviceFigures } from "../queries/service.ts";
import { failoverPhases } from "./failover-phases.ts";
import {
  touchNs,
  effectNs,
  firstAnswer,
  isOutside,
  isServing,
  loadEndNs,
  marksOf,
} from "../queries/history-queries.ts";

interface Provocation {
  life: FaultLife;
  /** The effect lies in [touchedNs, effectNs]. */
  touchedNs: number;
  effectNs: number;
}

export const failoverTime: Checker = {
  entry: "TIME-1",
  check(view) {
    const provoked = marksOf(view, "provoked").map(({ event }) => event.detail);
    if (provoked.length === 0) return verdict("unknown", "no mark says what was provoked");
    const expected = provoked.find((detail) => detail.expectsFailover);
    if (!expected) return verdict("not-applicable", "nothing was provoked that moves the VIP");
    const from = expected.from ?? undefined;
    const provocation = provocationOf(view, from);
    if (!provocation) return verdict("unknown", "no fault took effect on the node that was to fail");
    const old = lastAnswerBefore(view, provocation.effectNs);
    if (!old?.node) return verdict("unknown", "no node answered before the fault took effect");
    if (from && old.node !== from) return verdict("unknown", `${old.node} answered before the fault, not ${from}`);
    const first = firstAnswer(
      view,
      (o) => isOutside(o.process) && o.node !== undefined && o.node !== old.node && o.endNs > provocation.effectNs,
    );
    return first ? timed(view, { provocation, old, first }) : never(view, provocation, old.node);
  },
};

/** The first fault on the failing node. What the observer saw of that node narrows the instant of the effect. */
function provocationOf(view: HistoryView, from: NodeName | undefined): Provocation | undefined {
  const life = view.faults.find((one) => effectNs(one) < Infinity && (!from || one.nodes.includes(from)));
  if (!life) return undefined;
  const effective = effectNs(life);
  let touchedNs = Math.min(touchNs(life), effective);
  for (const node of life.nodes)
    for (const { event } of view.observations[node])
      if (event.t > touchedNs && event.t <= effective && (!event.isAlive || event.isFrozen))
        touchedNs = Math.max(touchedNs, Math.min(event.sinceNs, effective));
  return { life, touchedNs, effectNs: effective };
}

function timed(view: HistoryView, run: { provocation: Provocation; old: Operation; first: Operation }): Ruling {
  const { provocation, old, first } = run;
  const { failoverMinS, failoverMaxS } = view.bounds;
  const leastNs = first.endNs - provocation.effectNs;
  const mostNs = first.endNs - provocation.touchedNs;
  const oldNode = old.node!;
  const span = { fromNs: provocation.effectNs, toNs: first.endNs };
  const lastOfOld = lastAnswerOf(view, oldNode, first.endNs);
  const measured = {
    way: wayOf(view),
    from: oldNode,
    to: first.node,
    fault: provocation.life.fault,
    failoverS: secondsOf(leastNs),
    failoverUpperS: secondsOf(mostNs),
    effectUncertaintyMs: msOf(provocation.effectNs - provocation.touchedNs),
    lastOkOfOldMs: lastOfOld ? msOf(lastOfOld.endNs - provocation.effectNs) : null,
    phases: failoverPhases(view, { node: first.node!, effectNs: provocation.effectNs, answerNs: first.endNs }),
    runnablePerCore: runnableOver(view, span) ?? null,
    boundS: [failoverMinS, failoverMaxS] as [number, number],
    fullRateS: serviceFigures(view).fullRateS ?? null,
  } satisfies Figures;
  const events = [provocation.life.phases.effective!.index, first.index];
  const says = `${first.node} answered first ${measured.failoverS.toFixed(1)} s after ${provocation.life.fault} on ${oldNode}`;
  const isInside = (ns: number) => ns >= failoverMinS * nsPerS && ns <= failoverMaxS * nsPerS;
  const bound = `${failoverMinS} to ${failoverMaxS} s`;
  if (isInside(leastNs) && isInside(mostNs))
    return withFullRate(view, run, { says: `${says}, inside ${bound}`, measured });
  if (mostNs < failoverMinS * nsPerS)
    return verdict("broken", `${says}, sooner than ${failoverMinS} s`, { measured, events });
  if (leastNs > failoverMaxS * nsPerS) {
    const late = `${says}, later than ${failoverMaxS} s`;
    const contention = contendedOver(view, span);
    return contention
      ? verdict("unknown", `${late}, and ${contention}`, { measured, events })
      : verdict("broken", late, { measured, events });
  }
  const margin = `the effect is known only to within ${measured.effectUncertaintyMs} ms`;
  return verdict("unknown", `${says}: ${margin}, across a bound of ${bound}`, { measured, events });
}

/** In time. A node that answers one call and refuses the next ones has not taken over. */
function withFullRate(
  view: HistoryView,
  { provocation, first }: { provocation: Provocation; first: Operation },
  { says, measured }: { says: string; measured: Figures },
): Ruling {
  const rate = backToFullRate(view, { fromNs: touchNs(provocation.life), toNs: first.endNs });
  const events = [provocation.life.phases.effective!.index, first.index];
  if (rate.verdict === "kept") return verdict("kept", says, { measured, events });
  if (rate.verdict === "unknown") return verdict("unknown", `${says}, but ${rate.saw}`, { measured, events });
  return verdict("broken", `${says}, but ${brokenWords(rate)}`, { measured, events: rate.events, rests: rate.rests });
}

function never(view: HistoryView, provocation: Provocation, oldNode: NodeName): Ruling {
  const { failoverMaxS } = view.bounds;
  const contention = contendedOver(view, { fromNs: provocation.effectNs, toNs: loadEndNs(view) });
  const watchedS = secondsOf(loadEndNs(view) - provocation.effectNs);
  const measured = {
    way: wayOf(view),
    from: oldNode,
    fault: provocation.life.fault,
    failoverS: null,
    watchedS,
  } satisfies Figures;
  const events = [provocation.life.phases.effective!.index];
  const says = `no other node answered within ${watchedS.toFixed(1)} s of ${provocation.life.fault} on ${oldNode}`;
  if (watchedS >= failoverMaxS && contention)
    return verdict("unknown", `${says}, and ${contention}`, { measured, events });
  if (watchedS >= failoverMaxS) return verdict("broken", says, { measured, events, rests: "absent" });
  return verdict("unknown", `${says}, and load ended before ${failoverMaxS} s`, { measured, events });
}

/** The kind of failure: "kill" of "fail-1-kill"; any other name as it is. */
function wayOf(view: HistoryView): string {
  return view.history.header.scenario.replace(/^fail-\d+-/, "");
}

/** The last answer on the client host before `t`. */
function lastAnswerBefore(view: HistoryView, t: number): Operation | undefined {
  let last: Operation | undefined;
  for (const o of view.operations)
    if (isServing(o) && o.node && isOutside(o.process) && o.endNs <= t && (!last || o.endNs > last.endNs)) last = o;
  return last;
}

/** The last answer of the old node to any client before the new node answered. */
function lastAnswerOf(view: HistoryView, node: NodeName, untilNs: number): Operation | undefined {
  let last: Operation | undefined;
  for (const o of view.operations)
    if (isServing(o) && o.node === node && o.endNs <= untilNs && (!last || o.endNs > last.endNs)) last = o;
  return last;
}

interface Rest {
  measured?: Figures;
  events?: number[];
  rests?: "seen" | "absent";
}

function verdict(name: Ruling["verdict"], because: string, rest: Rest = {}): Ruling {
  return {
    verdict: name,
    because,
    measured: rest.measured ?? {},
    events: rest.events ?? [],
    rests: rest.rests ?? "seen",
  };
}
