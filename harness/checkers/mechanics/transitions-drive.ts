// MECH-2: state transitions drive promotion and demotion. Each failover has this order: adverts of the new MASTER, its
// VIP, the start of its controller, its listener, its answers. No controller listens after its node lost the VIP.

import type { HistoryView } from "#history/view.ts";
import { serviceNodes } from "#spec/node.ts";
import { type Checker, counted, msOf, nsPerMs } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { firstAnswer, isOutside, loadEndNs, marksOf } from "../queries/history-queries.ts";
import { wireOf } from "./adverts.ts";
import {
  type Promotion,
  promotionsIn,
  stagesOf,
  stopsWithTheVip,
  transitionBeforeController,
  vipBeforeController,
} from "./promotions.ts";

export const transitionsDrive: Checker = {
  entry: "MECH-2",
  check(view) {
    const provoked = marksOf(view, "provoked")[0];
    if (!provoked) return rulingOf([undecided("the service moved", "nothing was provoked")], {});
    const wire = wireOf(view);
    const promotions = promotionsIn(view, provoked.event.t, loadEndNs(view));
    const assertions = [
      aNodeWasPromoted(promotions),
      ...promotions.flatMap((one) => [
        vipBeforeController(one),
        transitionBeforeController(view, wire, one),
        answersSoon(view, one),
      ]),
      ...serviceNodes.map((node) => stopsWithTheVip(view, node)),
    ];
    return rulingOf(assertions, { promotions: promotions.map((one) => stagesOf(view, wire, one)) });
  },
};

function aNodeWasPromoted(promotions: readonly Promotion[]): Assertion {
  const says = "a node was promoted";
  return promotions.length > 0
    ? kept(says, { events: promotions.map((one) => one.active.events[0]) })
    : undecided(says, "no promotion was seen");
}

/** Calls of the client host that must meet a node which does not answer. At 60 a second 2 s meet 120. */
const callsMin = 4;

/** A node listens only when it can serve. A late first answer may also wait for an election of the facts' leader. */
function answersSoon(view: HistoryView, { node, active }: Promotion): Assertion {
  const { firstAnswerMaxMs } = view.bounds;
  const says = `${node} answered within ${firstAnswerMaxMs} ms once it was active`;
  const dueNs = active.fromNs + firstAnswerMaxMs * nsPerMs;
  const answer = firstAnswer(view, (o) => o.node === node && isOutside(o.process) && o.endNs >= active.earliestNs);
  if (answer && answer.endNs <= dueNs)
    return kept(says, { saw: msText(answer.endNs - active.fromNs), events: [answer.index] });
  if (active.toNs < dueNs) return kept(says, { saw: "it was active for a shorter time" });
  const endNs = Math.min(answer?.endNs ?? Infinity, active.toNs);
  const events = [active.events[0], ...(answer ? [answer.index] : [])];
  const calls = [...view.operations].filter(
    (o) =>
      isOutside(o.process) && o.f !== "health" && o.invokeNs >= active.fromNs && o.invokeNs < Math.min(endNs, dueNs),
  );
  if (calls.length < callsMin) return undecided(says, `only ${counted(calls.length, "call")} in that time`);
  if (view.faults.some((life) => life.traits.store === "lost" || life.fault === "facts-deleted"))
    return undecided(says, "the stores were lost, and a call may have had nothing to be answered from");
  const saw = answer
    ? `the first answer came after ${msText(answer.endNs - active.fromNs)}`
    : `it answered no client in ${msText(endNs - active.fromNs)}`;
  const late = { tookNs: endNs - active.fromNs, boundNs: firstAnswerMaxMs * nsPerMs };
  return unlessContended(view, { fromNs: active.fromNs, toNs: endNs }, { assertion: refuted(says, saw, events), late });
}

const msText = (ns: number) => `${Math.round(msOf(ns))} ms`;
