// The figures that fit beside a verdict, as short phrases. verdicts.json has all of them.

import type { EntryFigures } from "#spec/figures.ts";
import { type EntryVerdict, type Standing, standingOf } from "#spec/verdict.ts";

/** "FAIL-5 alpha-isolated": how every report names an entry. Files of older versions have no slug. */
export function named({ id, slug }: Pick<EntryVerdict, "id" | "slug">): string {
  return slug === undefined ? id : `${id} ${slug}`;
}

/** Which controller was tested, by the digests in `images`; undefined for the reference one. */
export function controllerWords(images: Record<string, string>): string | undefined {
  const { controller, "controller archive": archive } = images;
  if (controller === undefined) return undefined;
  return archive === undefined ? `image ${controller}` : `image ${controller}, from an archive with ${archive}`;
}

/** Short phrases, the most important first. Empty when the entry measured nothing. */
export function keyFigures(entry: Pick<EntryVerdict, "id" | "measured">): string[] {
  const phrases = phrasesOf[entry.id] ?? otherPhrases;
  return phrases(entry.measured).filter((phrase) => phrase !== "");
}

const phrasesOf: Record<string, (figures: EntryFigures) => string[]> = {
  "TIME-1": (f) =>
    num(f.n) === undefined || f.n === 0
      ? [runsOf(f)]
      : [
          phrase(f.n, (n) => `${n} failovers`),
          `${fixed(f.minS)} to ${fixed(f.maxS)} s`,
          `median ${fixed(f.medianS)} s`,
          `p95 ${fixed(f.p95S)} s`,
        ],
  "DUAL-0": (f) => [
    runsOf(f),
    phrase(f.overlapMs, (ms) => `overlap ${ms} ms`),
    phrase(f.uncertaintyMs, (ms) => `times exact to ${Math.ceil(ms)} ms`),
    phrase(f.closestApproachMs, (ms) => `shortest gap between two active nodes ${spanText(ms)}`),
    phrase(f.vipOverlapMs, (ms) => (ms > 0 ? `VIP overlap ${ms} ms` : "")),
    phrase(f.interleavedAnswers, (n) => (n > 0 ? `${n} interleaved answers` : "")),
  ],
  "DUR-6": (f) => [
    runsOf(f),
    phrase(f.acknowledged, (n) => `${n} acknowledged`),
    phrase(f.lost, (n) => `${n} lost`),
    phrase(f.altered, (n) => (n > 0 ? `${n} altered` : "")),
    phrase(f.duplicates, (n) => (n > 0 ? `${n} stored twice` : "")),
  ],
  "RPC-1": (f) => [
    runsOf(f),
    phrase(f.fetches, (n) => `${n} fetches`),
    phrase(f.factsFetched, (n) => `${n} facts in pages`),
    phrase(f.servedPercentLeast, (percent) => `each consumer served ${percent}% or more`),
  ],
  "RPC-3": (f) => [
    runsOf(f),
    phrase(f.otherPayloads, (n) => `${n} other payloads sent`),
    phrase(f.olderRepeats, (n) => `${n} facts of earlier loads repeated`),
  ],
  "DUR-7": lossPhrases,
  "DUR-8": lossPhrases,
  "DUR-9": costPhrases,
};

function lossPhrases(f: EntryFigures): string[] {
  return [
    runsOf(f),
    phrase(f.acknowledged, (n) => `${n} acknowledged`),
    phrase(f.acknowledgedPerSLeast, (n) => `${n} a second`),
    phrase(f.lost, (n) => `${n} lost`),
    phrase(f.lostBeforeASurvivor, (n) => (n > 0 ? `${n} before the tail` : "")),
    phrase(f.oldestLostS, (s) => (s > 0 ? `oldest ${s.toFixed(1)} s old` : "")),
  ];
}

/** One phrase per tier. */
function costPhrases({ byTier = {} }: EntryFigures): string[] {
  const rows = Object.entries(byTier);
  return rows.map(
    ([tier, row]) =>
      `${tier} ${num(row.factsPerS) ?? "?"}/s, p50 ${fixed(row.p50Ms)} ms, p99 ${fixed(row.p99Ms)} ms` +
      phrase(row.unanswered, (n) => (n > 0 ? `, ${n} unanswered` : "")),
  );
}

function otherPhrases(f: EntryFigures): string[] {
  return [
    runsOf(f),
    phrase(f.longestOutageMsMost, (ms) => `longest outage ${Math.round(ms)} ms`),
    phrase(f.takenAfterSMost, (s) => `taken over after ${s.toFixed(1)} s`),
    phrase(f.unansweredOutsideMost, (n) =>
      n > 0 ? `${n} ${n === 1 ? "call" : "calls"} unanswered outside the windows` : "",
    ),
    phrase(f.deniedSMost, (s) => `denied for ${s.toFixed(1)} s`),
    phrase(f.catchUpSMost, (s) => `caught up in ${s.toFixed(1)} s`),
    phrase(f.movedBytesMost, (bytes) => `${(bytes / 1e6).toFixed(1)} MB moved`),
    phrase(f.restoredSMost, (s) => `restored in ${s.toFixed(1)} s`),
    phrase(f.restoredAfterSMost, (s) => `restored after ${s.toFixed(1)} s`),
  ];
}

function runsOf(f: EntryFigures): string {
  return phrase(f.runs, (runs) => `${runs} ${runs === 1 ? "run" : "runs"}`);
}

function phrase(value: unknown, words: (value: number) => string): string {
  const known = num(value);
  return known === undefined ? "" : words(known);
}

function num(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Milliseconds as a person reads them: "6.4 s", "420 ms". */
function spanText(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.floor(ms)} ms`;
}

function fixed(value: unknown): string {
  return num(value)?.toFixed(1) ?? "?";
}

export const verdictOrder = ["broken", "unknown", "kept", "not-applicable"] as const;

/** Worst first, waived before kept. */
export const standings = ["broken", "unknown", "waived", "kept", "not-applicable"] as const;

/** `1 broken, 2 unknown, 9 kept`: counts above zero, worst first. */
export function tallyOf(entries: readonly Pick<EntryVerdict, "verdict" | "waived">[]): string {
  const counts = standings.map((name) => [name, entries.filter((one) => standingOf(one) === name).length] as const);
  return (
    counts
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ") || "no entry was judged"
  );
}

/** The standing for the headline: the worst. Waived ranks below kept. */
export function worstStanding(entries: readonly Pick<EntryVerdict, "verdict" | "waived">[]): Standing {
  const order = ["broken", "unknown", "kept", "waived", "not-applicable"] as const;
  return order.find((name) => entries.some((one) => standingOf(one) === name)) ?? "unknown";
}
