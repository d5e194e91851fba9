// RPC-3: a message id stands for one message. With another payload it is refused; a repeat, also of a fact that an
// earlier load had acknowledged, gets the offset of the first time.

import type { HistoryView } from "#history/view.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { type Checker, counted } from "../checker.ts";
import { jointLoss } from "./facts/joint-loss.ts";
import { promisesIn } from "./facts/promises.ts";
import type { Repeats } from "./facts/repeats.ts";
import { termsOf } from "./facts/terms.ts";

export const otherPayload: Checker = {
  entry: "RPC-3",
  check(view) {
    const loss = jointLoss(view);
    if (loss) return rulingOf([undecided("what was promised before a fault holds after it", loss)], {});
    const { repeats } = promisesIn(view);
    const { acknowledgedOther, olderMoved, refusedBy } = repeats;
    const says = "no known message id with another payload was acknowledged";
    const assertions = [
      acknowledgedOther.count === 0
        ? kept(says)
        : refuted(
            says,
            `${counted(acknowledgedOther.count, "other payload")} acknowledged (first ${acknowledgedOther.first})`,
            acknowledgedOther.events,
          ),
      olderMoved.count === 0
        ? kept("a fact of an earlier load kept its offset")
        : refuted(
            "a fact of an earlier load kept its offset",
            `${counted(olderMoved.count, "fact")} moved (first ${olderMoved.first})`,
            olderMoved.events,
          ),
      ...refusals(view, repeats),
    ];
    return rulingOf(assertions, {
      otherPayloads: repeats.others,
      otherPayloadsRefused: { ...refusedBy },
      olderRepeats: repeats.olderAnswered,
    });
  },
};

/** Each node that serves for a while must have been asked. */
function refusals(view: HistoryView, { refusedBy, othersByOutcome }: Repeats): Assertion[] {
  const nodes = [...new Set(termsOf(view).map(({ node }) => node))];
  const saw = Object.entries(othersByOutcome).map(([outcome, count]) => `${count} ${outcome}`);
  const words = saw.length === 0 ? "none was sent" : `there were ${saw.join(", ")}`;
  const any = "another payload was refused";
  if (Object.keys(refusedBy).length === 0) return [undecided(any, words)];
  return nodes.map((node) => {
    const says = `${node} refused another payload`;
    return refusedBy[node] ? kept(says) : undecided(says, words);
  });
}
