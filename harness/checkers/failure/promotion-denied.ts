// FAIL-7 and FAIL-8: the active node fails while the other one lacks storage or a good certificate. The promotion is
// denied until the repair. Under the certificate policy "warn" the node is promoted and warns.

import { eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { type Checker, type Ruling, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { beforeNs, effectNs, faultOn, loadEndNs, marksOf, returnNs } from "../queries/history-queries.ts";
import * as node from "./node-assertions.ts";
import { served, serviceFigures } from "../queries/service.ts";
import { specOf, takeoverNs } from "../queries/zone-timers.ts";

/** FAIL-7: artifact storage unavailable on the node that would be promoted. */
export const storageUnavailable: Checker = { entry: "FAIL-7", check: (view) => deniedUntilRepaired(view) };

/** FAIL-8: certificate validity below the threshold on the node that would be promoted. */
export const certificateShort: Checker = {
  entry: "FAIL-8",
  check(view) {
    return isWarnedOnly(view) ? warned(view) : deniedUntilRepaired(view);
  },
};

function deniedUntilRepaired(view: HistoryView): Ruling {
  const alpha = faultOn(view, "alpha");
  if (!alpha) return rulingOf([undecided("alpha failed", "no fault took effect on alpha")], {});
  const beta = view.faults.find((life) => life.nodes.includes("beta") && !life.nodes.includes("alpha"));
  const repairedNs = repairOfBetaNs(view);
  const endNs = loadEndNs(view);
  const deniedFromNs = Math.max(effectNs(alpha), beta ? effectNs(beta) : -Infinity);
  const denied = { fromNs: deniedFromNs, toNs: Math.min(returnNs(beta), repairedNs, returnNs(alpha), endNs) };
  const assertions = [
    beta ? brokenFirst(beta, alpha) : kept("beta was unfit from the start"),
    node.wasActive(view, "alpha", beforeNs(alpha)),
    heldLongEnough(view, denied),
    ...(denied.toNs > denied.fromNs ? [neverListened(view, denied), node.noneAnswered(view, denied)] : []),
    node.tookOver(view, "beta", { fromNs: denied.toNs, toNs: endNs }),
    ...served(view),
  ];
  return rulingOf(assertions, {
    policy: specOf(view).certificate.policy,
    deniedS: secondsOf(denied.toNs - denied.fromNs),
    ...serviceFigures(view),
  });
}

function warned(view: HistoryView): Ruling {
  const alpha = faultOn(view, "alpha");
  if (!alpha) return rulingOf([undecided("alpha failed", "no fault took effect on alpha")], {});
  const window = { fromNs: effectNs(alpha), toNs: Math.min(returnNs(alpha), loadEndNs(view)) };
  const assertions = [
    node.wasActive(view, "alpha", beforeNs(alpha)),
    node.tookOver(view, "beta", window),
    warningShown(view),
    ...served(view),
  ];
  return rulingOf(assertions, { policy: "warn", ...serviceFigures(view) });
}

/**
 * The policy "warn" accepts a certificate with little time left. An expired or foreign one is denied under any policy.
 */
function isWarnedOnly(view: HistoryView): boolean {
  const way = faultOn(view, "beta")?.spec.way ?? "short";
  return specOf(view).certificate.policy === "warn" && way === "short";
}

type Life = NonNullable<ReturnType<typeof faultOn>>;

/** Beta was unfit before Alpha failed. In the other order nothing is shown. */
function brokenFirst(beta: Life, alpha: Life): Assertion {
  const says = "beta was unfit before alpha failed";
  if (effectNs(beta) < beforeNs(alpha)) return kept(says, { events: [beta.phases.effective!.index] });
  return undecided(says, "its fault took effect later, or never");
}

/** The denial lasted longer than a takeover needs. In a shorter time a slow promotion looks like a denied one. */
function heldLongEnough(view: HistoryView, denied: node.Window): Assertion {
  const says = "the denial was watched for longer than a takeover needs";
  const neededNs = takeoverNs(specOf(view));
  const watchedNs = denied.toNs - denied.fromNs;
  if (watchedNs >= neededNs) return kept(says);
  return undecided(
    says,
    `it was watched for ${secondsOf(watchedNs)} s and a takeover needs about ${secondsOf(neededNs)} s`,
  );
}

function neverListened(view: HistoryView, denied: node.Window): Assertion {
  const says = "beta never listened while it was unfit";
  const found = view.spans.beta.listens.find((span) => span.fromNs <= denied.toNs && span.toNs >= denied.fromNs);
  return found
    ? refuted(says, `it listened ${secondsOf(found.fromNs - denied.fromNs)} s after alpha failed`, found.events)
    : kept(says);
}

/** Beta's gate program warns of its certificate. The policy demands the message, so the node's own message counts. */
function warningShown(view: HistoryView): Assertion {
  const says = "beta warned of its certificate";
  const readings = eventsOf(view.history, "gates").filter(
    ({ event }) => event.node === "beta" && event.gates.certificate,
  );
  const warning = readings.find(({ event }) => /warn/i.test(event.gates.certificate!.why));
  if (warning) return kept(says, { events: [warning.index] });
  if (readings.length === 0) return undecided(says, "its gates were not read");
  return missed(says, `its gate said "${readings.at(-1)!.event.gates.certificate!.why}"`, [readings.at(-1)!.index]);
}

/** The mark of Beta's repair, or the first repair when no mark names Beta. */
function repairOfBetaNs(view: HistoryView): number {
  const named = marksOf(view, "repaired").find(({ event }) => event.detail.node === "beta");
  return (named ?? markOf(view, "repaired"))?.event.t ?? Infinity;
}
