// GATE-1 to GATE-5: for each of five conditions, every way of missing that was tried, at promotion and while active.
// GATE-6, the bind, is another shape: port-taken.ts.

import { eventsOf, type HistoryView } from "#history/view.ts";
import type { GateName } from "#spec/zone-spec.ts";
import type { Checker, Ruling } from "../checker.ts";
import { nsPerMs, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { activeSpans } from "../queries/history-queries.ts";
import { startsByHand, startedButDidNotListen } from "./by-hand.ts";
import { judgeTry } from "./lost-and-denied.ts";
import { specOf } from "../queries/zone-timers.ts";
import { triesAt, type Try } from "./tries.ts";

/**
 * How soon a loss must have ended listener and VIP. Five seconds are the least that a failover may take: until then nobody
 * else can be active. The reference node looks at storage and certificate once a second, takes two lost pings of 0.7 s
 * for a frozen server and two rounds of 0.5 s without a peer for a lost quorum; a controller ends in 0.7 s at most.
 */
const demotionMaxMs = 5_000;
/** The removal of an address is told by the kernel at once: nothing has to be looked for. */
const vipGoneMaxMs = 2_000;

interface GateSpec {
  name: GateName;
  boundMs: number;
  /** Assertions beside those of the faults. */
  more?: (view: HistoryView) => Assertion[];
}

function gate(entry: string, { name, boundMs, more = () => [] }: GateSpec): Checker {
  return {
    entry,
    check(view) {
      const tries = triesAt(view, name);
      const besides = more(view);
      if (tries.length + besides.length === 0)
        return rulingOf([undecided("the gate was closed", "no fault closed it")], {});
      return ruling(
        tries.map((one) => ({ one, ...judgeTry(view, one, boundMs) })),
        besides,
      );
    },
  };
}

function ruling(
  judged: readonly { one: Try; assertions: Assertion[]; demotionMs?: number; isWarned?: boolean }[],
  besides: readonly Assertion[],
): Ruling {
  const lost = judged.filter(({ demotionMs }) => demotionMs !== undefined);
  const demotionMs = lost.map((each) => each.demotionMs!);
  return rulingOf([...besides, ...judged.flatMap(({ assertions }) => assertions)], {
    ...(demotionMs.length > 0 ? { demotionMs: Math.max(...demotionMs) } : {}),
    demotionMsByWay: Object.fromEntries(lost.map(({ one, demotionMs: ms }) => [one.words, ms])),
    deniedWays: judged.filter(({ one, isWarned }) => !one.active && !isWarned).map(({ one }) => one.words),
  });
}

/** The VIP: taken from the active node, and a controller started by hand where the VIP is not. */
export const vipHeld = gate("GATE-1", {
  name: "vip",
  boundMs: vipGoneMaxMs,
  more: (view) =>
    startsByHand(view)
      .filter((start) => start.closed.includes("vip"))
      .map((start) => startedButDidNotListen(view, start)),
});

export const jetstreamReachable = gate("GATE-2", { name: "jetstream", boundMs: demotionMaxMs });

export const quorumPresent = gate("GATE-3", { name: "quorum", boundMs: demotionMaxMs });

export const storageAvailable = gate("GATE-4", { name: "storage", boundMs: demotionMaxMs });

/** Denied by each bad certificate; the policy "warn" lets a short one pass with a word, and no other. */
export const certificateGood: Checker = {
  entry: "GATE-5",
  check(view) {
    const { policy } = specOf(view).certificate;
    const tries = triesAt(view, "certificate");
    if (tries.length === 0) return rulingOf([undecided("a certificate was bad", "no fault made one so")], {});
    const judged = tries.map((one) => {
      const isWarned = policy === "warn" && one.way === "short";
      return {
        one,
        isWarned,
        ...(isWarned ? { assertions: onlyWarned(view, one) } : judgeTry(view, one, demotionMaxMs)),
      };
    });
    const { measured, ...rest } = ruling(judged, []);
    return { ...rest, measured: { policy, ...measured } };
  },
};

/** The node goes on, or takes over, as if nothing were; but it says so. */
function onlyWarned(view: HistoryView, one: Try): Assertion[] {
  return [one.active ? wentOn(view, one) : wasNotDenied(view, one), warned(view, one)];
}

function wentOn(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} stayed active although "${one.words}"`;
  const endedNs = one.active!.toNs;
  if (endedNs < one.endNs)
    return refuted(says, `it stopped ${secondsOf(endedNs - one.effectNs)} s after it`, one.active!.events);
  const watchedNs = one.endNs - one.effectNs;
  if (watchedNs < demotionMaxMs * nsPerMs) return undecided(says, `it was watched for ${secondsOf(watchedNs)} s only`);
  return kept(says, { events: one.active!.events });
}

/** Where the other node fell away meanwhile, this one took over. */
function wasNotDenied(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} was promoted although "${one.words}"`;
  const taken = activeSpans(view, one.node).find((span) => span.fromNs >= one.effectNs && span.fromNs <= one.endNs);
  return taken ? kept(says, { events: taken.events }) : missed(says, "it was not promoted while that stood");
}

/** The one promise that is about a word: the gate program's own counts. */
function warned(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} warned of its certificate`;
  const told = eventsOf(view.history, "gates").filter(
    ({ event: { node, t, gates } }) =>
      node === one.node && t >= one.effectNs && t <= one.endNs && gates["certificate"] !== undefined,
  );
  const warning = told.find(({ event }) => /warn/i.test(event.gates["certificate"]!.why));
  if (warning) return kept(says, { events: [warning.index] });
  if (told.length === 0) return undecided(says, "nobody asked its gates");
  return missed(says, `its gate said "${told.at(-1)!.event.gates["certificate"]!.why}"`, [told.at(-1)!.index]);
}
