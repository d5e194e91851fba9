// RPC-2: a confirmation moves the cursor of its own consumer to the offset that was asked for, for good. What happened
// to the cursor shows in the answers and in the next page.

import type { HistoryView } from "#history/view.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { type Checker, counted } from "../checker.ts";
import { returnNs } from "../queries/history-queries.ts";
import type { Consumer } from "./facts/pages.ts";
import { jointLoss } from "./facts/joint-loss.ts";
import { promisesIn } from "./facts/promises.ts";
import type { Tally } from "./facts/tally.ts";

/** Fewer confirmations show nothing about a cursor. */
const confirmationsMin = 3;
/** Fewer would not show that a cursor is its consumer's own. */
const consumersMin = 2;

export const cursorsAsConfirmed: Checker = {
  entry: "RPC-2",
  check(view) {
    const loss = jointLoss(view);
    if (loss) return rulingOf([undecided("what was promised before a fault holds after it", loss)], {});
    const { pages } = promisesIn(view);
    const { consumers } = pages;
    const assertions = [
      noneOf("no confirmation was answered with a later offset than was asked for", pages.jumped, "cursor"),
      noneOf("no confirmation was answered with an earlier offset than was confirmed", pages.cursorBack, "cursor"),
      noneOf("no page began before what was confirmed", pages.servedAgain, "page"),
      noneOf("no page began behind what was confirmed", pages.ahead, "page"),
      consumers.length < consumersMin
        ? undecided("each consumer has a cursor of its own", `${counted(consumers.length, "consumer")} read`)
        : kept("each consumer has a cursor of its own"),
      ...consumers.flatMap((one) => [confirmedOften(one), readAfterwards(view, one)]),
    ];
    const confirmations = consumers.reduce((sum, one) => sum + one.confirmations, 0);
    const cursorsBack = pages.cursorBack.count + pages.servedAgain.count;
    return rulingOf(assertions, { consumers: consumers.length, confirmations, cursorsBack });
  },
};

function noneOf(says: string, { count, first, events }: Tally, thing: string): Assertion {
  return count === 0 ? kept(says) : refuted(says, `${counted(count, thing)} (first ${first})`, events);
}

function confirmedOften({ name, confirmations }: Consumer): Assertion {
  const says = `${name} confirmed pages`;
  if (confirmations >= confirmationsMin) return kept(says);
  return undecided(says, `${counted(confirmations, "confirmation")} of it were answered`);
}

/** A cursor that was lost shows in the first page after the last fault was healed. */
function readAfterwards(view: HistoryView, { name, answers }: Consumer): Assertion {
  const says = `${name} read after the last repair`;
  const healedNs = Math.max(-Infinity, ...view.faults.map(returnNs).filter((ns) => ns < Infinity));
  return answers.some(({ endNs, showsCursor }) => endNs > healedNs && showsCursor)
    ? kept(says)
    : undecided(says, "it was served no page after that");
}
