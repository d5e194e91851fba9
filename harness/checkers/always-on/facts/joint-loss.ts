// All three nodes lost what they held, after facts or cursors that no snapshot has. What was served before and what is
// served after then need not fit together. DUR-7, DUR-8 and REC-4 judge such a loss.

import { type HistoryView } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { effectNs, marksOf, returnNs } from "#checkers/queries/history-queries.ts";

const losing = ["power", "rebuilt", "wiped"];

/** A sentence; undefined where no such loss was. */
export function jointLoss(view: HistoryView): string | undefined {
  const lives = view.faults.filter((life) => losing.includes(life.fault) && effectNs(life) < Infinity);
  const lostNs = lives.map(effectNs).find((ns) => {
    const down = lives.filter((life) => effectNs(life) <= ns && returnNs(life) >= ns).flatMap(({ nodes }) => nodes);
    return nodeNames.every((node) => down.includes(node));
  });
  if (lostNs === undefined) return undefined;
  const saved = marksOf(view, "snapshot").findLast(({ event }) => event.t < lostNs)?.event.t ?? -Infinity;
  const isLater = view.operations.some(({ outcome, endNs }) => outcome === "ok" && endNs > saved && endNs < lostNs);
  return isLater ? "all three nodes lost their disks" : undefined;
}
