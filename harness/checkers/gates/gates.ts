// GATE-1 to GATE-5: each of five conditions is removed in several ways, before a promotion and while the node is
// active. GATE-6, the bind, works differently: see port-taken.ts.

import { eventsOf, type HistoryView } from "#history/view.ts";
import type { GateName } from "#spec/zone-spec.ts";
import type { Checker, Ruling } from "../checker.ts";
import { nsPerMs, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended, unlessContendedBefore } from "../queries/contention.ts";
import { activeSpans } from "../queries/history-queries.ts";
import { startsByHand, startedButDidNotListen } from "./by-hand.ts";
import { judgeTry } from "./lost-and-denied.ts";
import { specOf } from "../queries/zone-timers.ts";
import { triesAt, type Try } from "./tries.ts";

/**
 * A node must give up listener and VIP within this time after a loss. It is the least failover time: no other node can
 * be active earlier. The reference node needs less. It checks storage and certificate once a second. Two lost pings of
 * 0.7 s mean a frozen server to it. Two rounds of 0.5 s without a peer mean a lost quorum. A controller ends in 0.7 s.
 */
const demotionMaxMs = 5_000;
/** The kernel reports the removal of an address at once. */
const vipGoneMaxMs = 2_000;

interface GateSpec {
  name: GateName;
  boundMs: number;
  /** Assertions that do not rest on a fault. */
  more?: (view: HistoryView) => Assertion[];
}

function gateChecker(entry: string, { name, boundMs, more = () => [] }: GateSpec): Checker {
  return {
    entry,
    check(view) {
      const tries = triesAt(view, name);
      const others = more(view);
      if (tries.length + others.length === 0)
        return rulingOf([undecided("the gate was closed", "no fault closed it")], {});
      return gateRuling(
        tries.map((one) => ({ one, ...judgeTry(view, one, boundMs) })),
        others,
      );
    },
  };
}

function gateRuling(
  judged: readonly { one: Try; assertions: Assertion[]; demotionMs?: number; isWarned?: boolean }[],
  others: readonly Assertion[],
): Ruling {
  const lost = judged.filter(({ demotionMs }) => demotionMs !== undefined);
  const demotionMs = lost.map((each) => each.demotionMs!);
  return rulingOf([...others, ...judged.flatMap(({ assertions }) => assertions)], {
    ...(demotionMs.length > 0 ? { demotionMs: Math.max(...demotionMs) } : {}),
    demotionMsByWay: Object.fromEntries(lost.map(({ one, demotionMs: ms }) => [one.words, ms])),
    deniedWays: judged.filter(({ one, isWarned }) => !one.active && !isWarned).map(({ one }) => one.words),
  });
}

/** The VIP: removed from the active node, and a controller started by hand on a node without it. */
export const vipHeld = gateChecker("GATE-1", {
  name: "vip",
  boundMs: vipGoneMaxMs,
  more: (view) =>
    startsByHand(view)
      .filter((start) => start.closed.includes("vip"))
      .map((start) => startedButDidNotListen(view, start)),
});

export const jetstreamReachable = gateChecker("GATE-2", { name: "jetstream", boundMs: demotionMaxMs });

export const quorumPresent = gateChecker("GATE-3", { name: "quorum", boundMs: demotionMaxMs });

export const storageAvailable = gateChecker("GATE-4", { name: "storage", boundMs: demotionMaxMs });

/** Each bad certificate denies. Under the policy "warn" one with little time left only causes a warning. */
export const certificateGood: Checker = {
  entry: "GATE-5",
  check(view) {
    const { policy } = specOf(view).certificate;
    const tries = triesAt(view, "certificate");
    if (tries.length === 0) return rulingOf([undecided("a certificate was bad", "no fault changed one")], {});
    const judged = tries.map((one) => {
      const isWarned = policy === "warn" && one.way === "short";
      return {
        one,
        isWarned,
        ...(isWarned ? { assertions: onlyWarned(view, one) } : judgeTry(view, one, demotionMaxMs)),
      };
    });
    const { measured, ...rest } = gateRuling(judged, []);
    return { ...rest, measured: { policy, ...measured } };
  },
};

/** The node stays active, or takes over, and warns. */
function onlyWarned(view: HistoryView, one: Try): Assertion[] {
  return [one.active ? wentOn(view, one) : wasNotDenied(view, one), warned(view, one)];
}

function wentOn(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} stayed active although "${one.words}"`;
  const endedNs = one.active!.toNs;
  if (endedNs < one.endNs) {
    const saw = `it stopped ${secondsOf(endedNs - one.effectNs)} s after it`;
    return unlessContendedBefore(view, endedNs, refuted(says, saw, one.active!.events));
  }
  const watchedNs = one.endNs - one.effectNs;
  if (watchedNs < demotionMaxMs * nsPerMs) return undecided(says, `it was watched for only ${secondsOf(watchedNs)} s`);
  return kept(says, { events: one.active!.events });
}

/** When the other node failed in that time, this one took over. */
function wasNotDenied(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} was promoted although "${one.words}"`;
  const taken = activeSpans(view, one.node).find((span) => span.fromNs >= one.effectNs && span.fromNs <= one.endNs);
  if (taken) return kept(says, { events: taken.events });
  const late = { tookNs: one.endNs - one.effectNs, boundNs: view.bounds.failoverMaxS * nsPerS };
  const assertion = missed(says, "it was not promoted in that time");
  return unlessContended(view, { fromNs: one.effectNs, toNs: one.endNs }, { assertion, late });
}

/** The entry promises a message, so the gate program's own message counts. */
function warned(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} warned of its certificate`;
  const readings = eventsOf(view.history, "gates").filter(
    ({ event: { node, t, gates } }) =>
      node === one.node && t >= one.effectNs && t <= one.endNs && gates.certificate !== undefined,
  );
  const warning = readings.find(({ event }) => /warn/i.test(event.gates.certificate!.why));
  if (warning) return kept(says, { events: [warning.index] });
  if (readings.length === 0) return undecided(says, "its gates were not read");
  return missed(says, `its gate said "${readings.at(-1)!.event.gates.certificate!.why}"`, [readings.at(-1)!.index]);
}
