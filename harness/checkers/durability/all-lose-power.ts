// DUR-7 and DUR-8: which acknowledged facts survive when all three nodes lose power at once. In the critical tier,
// which flushes before it acknowledges, none may be lost. In the standard tier only facts since the last flush may be
// lost, the newest ones. A standard run that loses nothing is unknown: it did not show that the fault had an effect.

import type { Operation } from "#history/operations.ts";
import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type Checker, counted, nsPerS, type Ruling, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import {
  assumed,
  enoughLoad,
  flushBefore,
  isLost,
  isStoredAnew,
  misreadIn,
  type PowerLoss,
  powerLossIn,
  replicasOf,
} from "./power-loss.ts";
import { specOf } from "../queries/zone-timers.ts";
import { defaultIntervalNs } from "./flush-settings.ts";

/**
 * A replicated stream writes to its file shortly after it acknowledges. A flush covers what was acknowledged at least
 * this long before it.
 */
const writeBehindNs = 2 * nsPerS;
const eventsMax = 5;

export const criticalLosesNothing: Checker = {
  entry: "DUR-7",
  check: (view) => rulingOn(view, "critical", (loss, lost) => [nothingLost(loss, lost)]),
};

export const standardLosesTheTail: Checker = {
  entry: "DUR-8",
  check: (view) => rulingOn(view, "standard", (loss, lost) => tailOnly(view, loss, lost)),
};

function rulingOn(
  view: HistoryView,
  tier: string,
  assertionsOf: (loss: PowerLoss, lost: Operation[]) => Assertion[],
): Ruling {
  const loss = powerLossIn(view);
  const ran = specOf(view).tier;
  if (!loss || ran !== tier) {
    const because = loss ? `the zone ran in the ${ran} tier` : "no power loss of all three took effect";
    return { verdict: "unknown", because, measured: {}, events: [], rests: "absent" };
  }
  const lost = loss.before.filter((fact) => isLost(loss, fact));
  const measured = figuresOf(view, loss, lost);
  const premises = assumed(view, loss);
  if (premises.some(({ verdict }) => verdict !== "kept")) return rulingOf(premises, measured);
  const ruling = rulingOf(
    [...assertionsOf(loss, lost), asAcknowledged(loss), noneLostLater(loss), enoughLoad(view, loss), ...premises],
    measured,
  );
  return ruling.verdict === "kept" ? { ...ruling, because: wordsFor(loss, lost) } : ruling;
}

function wordsFor({ before, factsPerS }: PowerLoss, lost: Operation[]): string {
  const load = `${before.length} acknowledged, ${Math.round(factsPerS)} a second when all three lost power`;
  return lost.length === 0 ? `0 lost of ${load}` : `${lost.length} lost of ${load}: only the newest`;
}

function nothingLost(loss: PowerLoss, lost: Operation[]): Assertion {
  const says = "no fact acknowledged before the loss is gone";
  if (lost.length === 0) return kept(says, { saw: counted(loss.before.length, "fact") });
  const resent = lost.filter((fact) => isStoredAnew(loss, fact)).length;
  const which = `first ${lost[0]!.messageId}${resent > 0 ? `; ${resent} stored when sent again` : ""}`;
  return refuted(
    says,
    `${lost.length} of ${counted(loss.before.length, "acknowledged fact")} not in the stream (${which})`,
    lost.slice(0, eventsMax).map(({ index }) => index),
  );
}

function tailOnly(view: HistoryView, loss: PowerLoss, lost: Operation[]): Assertion[] {
  const says = "the power loss destroyed what was not flushed";
  if (lost.length === 0) return [undecided(says, `all ${loss.before.length} acknowledged facts were read back`)];
  return [
    kept(says, { saw: counted(lost.length, "fact"), events: [lost[0]!.index] }),
    newestOnly(loss, lost),
    youngerThanTheInterval(loss, lost),
    sinceTheFlush(view, loss, lost),
  ];
}

/** No fact with a higher offset than the first lost one survived. */
function newestOnly(loss: PowerLoss, lost: Operation[]): Assertion {
  const says = "the lost facts are the newest ones, without a gap";
  const firstLost = lost[0]!;
  const survivor = survivorOf(loss);
  if (!survivor || survivor.offset! < firstLost.offset!)
    return kept(says, { saw: `from offset ${firstLost.offset} on`, events: [firstLost.index] });
  const early = lost.filter(({ offset }) => offset! < survivor.offset!);
  return refuted(
    says,
    `${counted(early.length, "lost fact")} before offset ${survivor.offset}, which was read back (first ${firstLost.messageId})`,
    [firstLost.index, survivor.index],
  );
}

/** The newest fact that was acknowledged before the loss and survived it. */
function survivorOf(loss: PowerLoss): Operation | undefined {
  return loss.before.findLast((fact) => !isLost(loss, fact));
}

function youngerThanTheInterval({ atNs }: PowerLoss, lost: Operation[]): Assertion {
  const says = "no lost fact was older than the server's flush interval";
  const oldest = oldestOf(lost);
  const ageS = secondsOf(atNs - oldest.endNs);
  return atNs - oldest.endNs <= defaultIntervalNs + writeBehindNs
    ? kept(says, { saw: `${ageS} s at most`, events: [oldest.index] })
    : refuted(says, `${oldest.messageId} had been acknowledged ${ageS} s before`, [oldest.index]);
}

function sinceTheFlush(view: HistoryView, { atNs }: PowerLoss, lost: Operation[]): Assertion {
  const says = "no lost fact was acknowledged before the last flush";
  const flush = flushBefore(view, atNs);
  if (!flush) return undecided(says, "the disks were not flushed before");
  const { beganNs } = flush.event.detail;
  const oldest = oldestOf(lost);
  return oldest.endNs >= beganNs - writeBehindNs
    ? kept(says, { events: [flush.index, oldest.index] })
    : refuted(
        says,
        `${oldest.messageId} had been acknowledged ${secondsOf(beganNs - oldest.endNs)} s before the flush`,
        [oldest.index, flush.index],
      );
}

function asAcknowledged(loss: PowerLoss): Assertion {
  const says = "each fact that was read back is the one that was acknowledged";
  const misread = misreadIn(loss);
  return misread ? refuted(says, misread.what, misread.events) : kept(says);
}

export function noneLostLater({ after, stored }: PowerLoss): Assertion {
  const says = "each fact acknowledged after power was back is in the stream";
  const lost = after.filter(({ messageId = "" }) => !stored.has(messageId));
  if (lost.length > 0)
    return refuted(
      says,
      `${lost.length} of ${counted(after.length, "fact")} acknowledged after the loss are gone (first ${lost[0]!.messageId})`,
      lost.slice(0, eventsMax).map(({ index }) => index),
    );
  return after.length > 0 ? kept(says) : undecided(says, "no fact was acknowledged after the loss");
}

function oldestOf(lost: readonly Operation[]): Operation {
  return lost.reduce((oldest, one) => (one.endNs < oldest.endNs ? one : oldest));
}

function figuresOf(view: HistoryView, loss: PowerLoss, lost: Operation[]): Figures {
  const survivor = survivorOf(loss)?.offset ?? -Infinity;
  const ages = lost.map(({ endNs }) => Math.max(0, loss.atNs - endNs)).sort((a, b) => a - b);
  const ageS = (share: number) => secondsOf(ages[Math.min(ages.length - 1, Math.floor(ages.length * share))]!);
  return {
    acknowledged: loss.before.length,
    acknowledgedPerS: Math.round(loss.factsPerS),
    lost: lost.length,
    lostStoredAnew: lost.filter((fact) => isStoredAnew(loss, fact)).length,
    lostTail: lost.filter(({ offset = 0 }) => offset > survivor).length,
    lostBeforeASurvivor: lost.filter(({ offset = 0 }) => offset < survivor).length,
    ...(lost.length > 0 ? { lostAgeS: { youngest: ageS(0), median: ageS(0.5), oldest: ageS(1) } } : {}),
    acknowledgedAfter: loss.after.length,
    powerSpreadMs: loss.spreadMs,
    ...replicasOf(view),
  };
}
