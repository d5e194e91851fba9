// DUR-6: after the zone has healed, every acknowledged fact is in the stream once, at its offset, with its payload.
// Offsets kept the promises of AppendFact throughout. Linear in events; facts/ has one file for each promise.

import { eventsOf, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type Checker, counted, type Ruling } from "../checker.ts";
import { wrongOlder } from "./facts/older.ts";
import { type Promises, promisesIn } from "./facts/promises.ts";
import type { Tally } from "./facts/tally.ts";
import { marksOf } from "../queries/history-queries.ts";

export const acknowledgedFacts: Checker = {
  entry: "DUR-6",
  check(view) {
    const promises = promisesIn(view);
    const { audit, appends } = promises;
    const audited = markOf(view, "audited");
    const measured = figuresOf(promises);
    const contradiction = worded(againstEachOther(promises));
    if (!audited && contradiction) return { verdict: "broken", ...contradiction, measured, rests: "seen" };
    if (!audited) return unknown("the stream was never read back", measured);
    const expected = audited.event.detail?.messages;
    if (expected !== undefined && expected !== audit.messages)
      return unknown(`the audit counted ${expected} messages and recorded ${audit.messages}`, measured);
    if (appends.acknowledged === 0) return unknown("no fact was acknowledged", measured);
    const unreadable = marksOf(view, "read-back").find(({ event }) => !event.detail.isReadable);
    if (unreadable) {
      const because = `the facts could not be read back while a node was lost: ${JSON.stringify(unreadable.event.detail.saw ?? "no answer")}`;
      return { verdict: "broken", because, measured, events: [unreadable.index], rests: "absent" };
    }
    const wrong = worded(againstTheAudit(promises)) ?? contradiction;
    // After trouble the audit may be incomplete. In a complete audit a missing fact is a lost fact.
    const rests = eventsOf(view.history, "trouble").length > 0 ? "absent" : "seen";
    if (wrong) return { verdict: "broken", ...wrong, measured, rests };
    const older = wrongOlder(view, audit);
    if (older?.verdict === "broken") return { ...older, verdict: "broken", measured, rests };
    if (older) return unknown(older.because, measured);
    if (appends.unverifiable > 0)
      return unknown(`${counted(appends.unverifiable, "fact")} carried no digest to compare`, measured);
    const because = `each of ${counted(appends.acknowledged, "acknowledged fact")} was read back once, at its offset and unaltered`;
    return { verdict: "kept", because, measured, events: [audited.index], rests: "seen" };
  },
};

type Wrong = [tally: Tally, words: (tally: Tally) => string];

/** Contradictions between the stream and the answers, the worst first. */
function againstTheAudit({ audit, appends }: Promises): Wrong[] {
  const of = counted(appends.acknowledged, "acknowledged fact");
  return [
    [appends.lost, ({ count, first }) => `${count} of ${of} not in the stream (first ${first})`],
    [appends.altered, ({ count, first }) => `${counted(count, "fact")} stored with another payload (first ${first})`],
    [audit.clashes, ({ count, first }) => `two messages at ${counted(count, "offset")} (first ${first})`],
    [audit.duplicates, ({ count, first }) => `${counted(count, "message")} stored twice (first ${first})`],
    [
      appends.moved,
      ({ count, first }) => `${counted(count, "fact")} not at the offset that was answered (first ${first})`,
    ],
  ];
}

/** Answers that contradict each other, whatever the stream holds. */
function againstEachOther({ appends }: Promises): Wrong[] {
  return [
    [appends.shared, ({ count, first }) => `${counted(count, "offset")} answered for two facts (first ${first})`],
    [appends.reordered, ({ count, first }) => `${counted(count, "fact")} out of order (first ${first})`],
    [
      appends.answeredTwice,
      ({ count, first }) => `${counted(count, "repeated fact")} answered with another offset (first ${first})`,
    ],
  ];
}

function worded(wrongs: readonly Wrong[]): { because: string; events: number[] } | undefined {
  const found = wrongs.find(([{ count }]) => count > 0);
  if (!found) return undefined;
  const [tally, words] = found;
  return { because: words(tally), events: tally.events };
}

function figuresOf({ audit, appends }: Promises): Figures {
  return {
    acknowledged: appends.acknowledged,
    stored: audit.messages,
    lost: appends.lost.count,
    ...appends.lostAt,
    lostByNode: appends.lostBy,
    altered: appends.altered.count,
    duplicates: audit.duplicates.count,
    moved: appends.moved.count,
    infoStored: appends.infoStored,
    infoAbsent: appends.infoAbsent,
    failStored: appends.failStored,
    repeated: appends.repeated,
    reordered: appends.reordered.count,
  };
}

function unknown(because: string, measured: Figures): Ruling {
  return { verdict: "unknown", because, measured, events: [], rests: "absent" };
}
