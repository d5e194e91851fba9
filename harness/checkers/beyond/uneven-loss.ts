// LOSS-1, beyond the pattern: all three nodes lose power at once, each with another last fact on its disk. Is a fact
// lost that was acknowledged after power came back? An observation: it does not change the exit code.

import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Checker, secondsOf } from "../checker.ts";
import { type Assertion, kept, rulingOf, undecided } from "../assertions.ts";
import { noneLostLater } from "../durability/all-lose-power.ts";
import { assumed, isLost, powerLossIn, replicasOf } from "../durability/power-loss.ts";
import { marksOf } from "../queries/history-queries.ts";

export const unevenLoss: Checker = {
  entry: "LOSS-1",
  check(view) {
    const loss = powerLossIn(view);
    if (!loss) return rulingOf([undecided("all three lost power", "no power loss of all three took effect")], {});
    const measured = {
      acknowledged: loss.before.length,
      lost: loss.before.filter((fact) => isLost(loss, fact)).length,
      acknowledgedAfter: loss.after.length,
      lostAfter: loss.after.filter(({ messageId = "" }) => !loss.stored.has(messageId)).length,
      ...replicasOf(view),
    } satisfies Figures;
    const premises = [...assumed(view, loss), wereApart(view, loss.atNs)];
    if (premises.some(({ verdict }) => verdict !== "kept")) return rulingOf(premises, measured);
    return rulingOf([noneLostLater(loss), ...premises], measured);
  },
};

/** Each node was flushed separately, at another time. */
function wereApart(view: HistoryView, untilNs: number): Assertion {
  const says = "each node's disk ended at another fact";
  const began = new Map<NodeName, number>();
  for (const { event } of marksOf(view, "flushed")) {
    const { nodes, beganNs } = event.detail;
    if (event.t < untilNs && nodes.length === 1) began.set(nodes[0]!, beganNs);
  }
  if (began.size < nodeNames.length) return undecided(says, `${began.size} nodes were flushed separately`);
  const times = [...began.values()];
  return kept(says, { saw: `flushed within ${secondsOf(Math.max(...times) - Math.min(...times))} s` });
}
