// BOOT-1: membership is static configuration. Each server is configured with the other two. A fourth server that
// connects to all three does not become a voter. The servers are asked before it connects and while it is connected.

import type { Figures } from "#spec/figures.ts";
import { type Checker, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, rulingOf, undecided } from "../assertions.ts";
import { effectNs, loadEndNs, returnNs, touchNs } from "../queries/history-queries.ts";
import { serversIn, staticRoutes, threeVoters } from "./voters.ts";

/**
 * A server that is accepted answers the leader's heartbeat, one a second, and is proposed at once. An earlier "no"
 * proves little.
 */
const adoptionNs = 3 * nsPerS;

export const staticMembership: Checker = {
  entry: "BOOT-1",
  check(view) {
    const knock = view.faults.find((life) => life.fault === "fourth-server");
    if (!knock) return rulingOf([undecided("a fourth server connected", "none did")], {});
    const knockedNs = effectNs(knock);
    const before = serversIn(view, view.firstNs, touchNs(knock));
    const during = serversIn(view, knockedNs, Math.min(returnNs(knock), loadEndNs(view)));
    const askedNs = Math.min(...Object.values(during).map(({ event }) => event.t));
    const assertions = [
      staticRoutes(view, before),
      threeVoters(before, "before a fourth knocked"),
      knockedLongEnough(askedNs - knockedNs),
      {
        ...staticRoutes(view, during),
        says: "no server was configured with another address while a fourth was connected",
      },
      threeVoters(during, "while a fourth was connected"),
    ];
    const measured = { knockedS: Number.isFinite(askedNs) ? secondsOf(askedNs - knockedNs) : null } satisfies Figures;
    return rulingOf(assertions, { ...measured, welcome: knock.phases.effective?.event.proof ?? null });
  },
};

function knockedLongEnough(waitedNs: number): Assertion {
  const says = "the servers were asked long enough after it connected";
  if (waitedNs >= adoptionNs && Number.isFinite(waitedNs)) return kept(says);
  return undecided(
    says,
    Number.isFinite(waitedNs) ? `they were asked ${secondsOf(waitedNs)} s after it` : "no server was asked",
  );
}
