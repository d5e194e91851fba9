// BOOT-1: membership is static configuration. Each server is told the other two, and a fourth one that knocks at all three
// does not become a voter. What the servers count is asked before and while it knocks.

import { type Checker, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, rulingOf, undecided } from "../assertions.ts";
import { effectNs, loadEndNs, returnNs, touchNs } from "../queries/history-queries.ts";
import { serversIn, staticRoutes, threeVoters } from "./voters.ts";

/** A server that is let in answers the leader's heartbeat, one a second, and is proposed at once; asked sooner, "no" says little. */
const adoptionNs = 3 * nsPerS;

export const staticMembership: Checker = {
  entry: "BOOT-1",
  check(view) {
    const knock = view.faults.find((life) => life.fault === "fourth-server");
    if (!knock) return rulingOf([undecided("a fourth server knocked", "none did")], {});
    const knockedNs = effectNs(knock);
    const before = serversIn(view, view.firstNs, touchNs(knock));
    const meanwhile = serversIn(view, knockedNs, Math.min(returnNs(knock), loadEndNs(view)));
    const askedNs = Math.min(...Object.values(meanwhile).map(({ event }) => event.t));
    const assertions = [
      staticRoutes(view, before),
      threeVoters(before, "before a fourth knocked"),
      knockedLongEnough(askedNs - knockedNs),
      threeVoters(meanwhile, "while a fourth knocked"),
    ];
    const measured = { knockedS: Number.isFinite(askedNs) ? secondsOf(askedNs - knockedNs) : null };
    return rulingOf(assertions, { ...measured, welcome: knock.phases.effective?.event.proof ?? null });
  },
};

function knockedLongEnough(waitedNs: number): Assertion {
  const says = "the servers were asked long enough after it knocked";
  if (waitedNs >= adoptionNs && Number.isFinite(waitedNs)) return kept(says);
  return undecided(says, Number.isFinite(waitedNs) ? `it was ${secondsOf(waitedNs)} s` : "nobody was asked");
}
