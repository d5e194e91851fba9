// MECH-2: state transitions drive promotion and demotion. Each failover has this order: adverts of the new MASTER, its
// VIP, the start of its controller, its listener, its answers. No controller listens after its node lost the VIP.

import type { HistoryView } from "#history/view.ts";
import { serviceNodes } from "#spec/node.ts";
import { type Checker } from "../checker.ts";
import { kept, missed, rulingOf, undecided, type Assertion } from "../assertions.ts";
import { firstAnswer, loadEndNs, marksOf } from "../queries/history-queries.ts";
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
        transitionBeforeController(wire, one),
        answersLast(view, one),
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

function answersLast(view: HistoryView, { node, active }: Promotion): Assertion {
  const says = `${node} answered once it was active`;
  const answer = firstAnswer(view, (o) => o.node === node && o.endNs >= active.earliestNs);
  return answer ? kept(says, { events: [answer.index] }) : missed(says, "it answered no client", [active.events[0]]);
}
