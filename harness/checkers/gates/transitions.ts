// DUAL-1: BACKUP and FAULT stop the controller. When keepalived leaves MASTER it removes the VIP at once; a lost link
// removes it too. The listener must end soon after. The role that the notify script wrote is reported and decides
// nothing.

import type { Span } from "#history/spans.ts";
import type { HistoryView } from "#history/view.ts";
import { type Checker, msOf, nsPerMs } from "../checker.ts";
import { type ServiceNode, serviceNodes } from "#spec/node.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { roleAt } from "../queries/history-queries.ts";
import { firstIn, triesOf, type Try } from "./tries.ts";

/** A controller that does not end by itself is killed after 0.7 s. The rest is a margin for a busy machine. */
const stopMaxMs = 2_000;

/**
 * The supervisor kills a controller 0.7 s after it asked it to end. In 36 stops of a right controller from an image, on
 * a busy machine, the longest took 0.54 s and nine of ten less than 0.06 s.
 */
const killedAfterMs = 650;

export const transitionsStop: Checker = {
  entry: "DUAL-1",
  check(view) {
    const tries = triesOf(view, ({ traits }) => traits.leavesMaster);
    if (tries.length === 0)
      return rulingOf([undecided("keepalived left MASTER on the active node", "no fault made it leave")], {});
    const stops = tries.map((one) => ({ one, ...stopOf(view, one) }));
    return rulingOf(
      [
        ...stops.map(({ assertion }) => assertion),
        ...serviceNodes.map((node) => stopsAtEachLoss(view, node)),
        ...endsWhenAsked(view),
      ],
      {
        stopMs: Math.max(...stops.map(({ stopMs }) => stopMs ?? 0)),
        stopMsByWay: Object.fromEntries(stops.map(({ one, stopMs }) => [one.words, stopMs ?? null])),
        rolesTold: stops.map(({ one, rightNs }) => `${one.words}: ${roleAt(view, one.node, rightNs) ?? "none"}`),
      },
    );
  },
};

/** Whatever took the VIP away: the listener of a node that runs on ends soon after. */
function stopsAtEachLoss(view: HistoryView, node: ServiceNode): Assertion {
  const says = `${node} stopped listening within ${stopMaxMs / 1000} s of each loss of the VIP`;
  const { owns, listens, down, frozen } = view.spans[node];
  const boundNs = stopMaxMs * nsPerMs;
  const losses = owns.filter((span) => !span.isOnlyPossible && !span.isOpen);
  if (losses.length === 0) return kept(says);
  return overAll(
    says,
    losses.map((lost) => {
      const still = listens.find((span) => span.fromNs <= lost.toNs && span.toNs > lost.latestNs + boundNs);
      const isHalted = [...down, ...frozen].some(
        (one) => one.earliestNs <= (still?.toNs ?? 0) && one.latestNs >= lost.toNs,
      );
      if (!still || isHalted) return kept(says, { events: [lost.events[1]] });
      const tookNs = still.toNs - lost.latestNs;
      const assertion = refuted(says, `it still listened ${msOf(tookNs)} ms after one`, [lost.events[1]]);
      return unlessContended(view, { fromNs: lost.toNs, toNs: still.toNs }, { assertion, late: { tookNs, boundNs } });
    }),
  );
}

/**
 * The node makes up for the controller of another image that ignores its request to end. The image is what is tested,
 * so its quickest stop must be shorter than the kill. One stop may be late on a busy machine.
 */
function endsWhenAsked(view: HistoryView): Assertion[] {
  if (!view.history.header.controller) return [];
  const says = "the controller ended when it was asked, before the node killed it";
  const quickest = serviceNodes.flatMap((node) => stopsOf(view, node)).toSorted((a, b) => a.leastNs - b.leastNs)[0];
  if (!quickest) return [undecided(says, "it was never asked to end on a node that ran on")];
  const { lost, still, leastNs } = quickest;
  const events = [lost.events[1], still.events[1]];
  if (leastNs <= killedAfterMs * nsPerMs)
    return [kept(says, { saw: `its quickest stop took ${msOf(leastNs)} ms`, events })];
  const assertion = refuted(says, `its quickest stop took ${msOf(leastNs)} ms`, events);
  const late = { tookNs: leastNs, boundNs: killedAfterMs * nsPerMs };
  return [unlessContended(view, { fromNs: lost.toNs, toNs: still.toNs }, { assertion, late })];
}

/** Each loss of the VIP on a node that listened then and ran on, with the least time until its listener ended. */
function stopsOf(view: HistoryView, node: ServiceNode): { lost: Span; still: Span; leastNs: number }[] {
  const { owns, listens, down, frozen } = view.spans[node];
  return owns
    .filter((span) => !span.isOnlyPossible && !span.isOpen)
    .flatMap((lost) => {
      const still = listens.find((span) => span.fromNs <= lost.toNs && span.toNs > lost.toNs && !span.isOpen);
      const halts = [...down, ...frozen];
      const isHalted = halts.some((one) => still && one.earliestNs <= still.latestNs && one.latestNs >= lost.toNs);
      return still && !isHalted ? [{ lost, still, leastNs: Math.max(0, still.toNs - lost.latestNs) }] : [];
    });
}

/** The time from the end of the VIP to the end of the listener. */
function stopOf(view: HistoryView, one: Try): { assertion: Assertion; stopMs?: number; rightNs: number } {
  const says = `the controller of ${one.node} stopped within ${stopMaxMs / 1000} s of the transition after "${one.words}"`;
  if (!one.active) return { assertion: undecided(says, `${one.node} was not active then`), rightNs: one.endNs };
  const listens = firstIn(view.spans[one.node].listens, one.touchedNs, one.touchedNs);
  const owns = firstIn(view.spans[one.node].owns, one.touchedNs, one.touchedNs);
  if (!listens || !owns || owns.toNs >= one.endNs)
    return { assertion: undecided(says, `${one.node} kept the VIP: no transition was seen`), rightNs: one.endNs };
  const events = [owns.events[1], listens.events[1]];
  // The observer reads the role up to 100 ms after it is written.
  const rightNs = Math.min(owns.latestNs + 500 * nsPerMs, one.endNs);
  const leastNs = listens.toNs - owns.latestNs;
  const mostNs = listens.latestNs - owns.toNs;
  const stopMs = msOf(Math.max(0, mostNs));
  if (leastNs > stopMaxMs * nsPerMs) {
    const assertion = refuted(says, `it still listened ${msOf(leastNs)} ms after the VIP was gone`, events);
    const late = { tookNs: leastNs, boundNs: stopMaxMs * nsPerMs };
    return {
      assertion: unlessContended(view, { fromNs: owns.toNs, toNs: listens.toNs }, { assertion, late }),
      stopMs,
      rightNs,
    };
  }
  if (mostNs > stopMaxMs * nsPerMs) {
    const assertion = undecided(says, `the time is between ${msOf(leastNs)} and ${stopMs} ms, not known more exactly`);
    return { assertion, stopMs, rightNs };
  }
  return { assertion: kept(says, { saw: `${stopMs} ms`, events }), stopMs, rightNs };
}
