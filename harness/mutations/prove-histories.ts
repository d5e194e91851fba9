// Shows without Docker that the entries find wrong zones: each change is made to each recorded history in which it
// makes sense, and each entry that it names must become broken or unknown. A pair that stays kept is a miss.

import { judge } from "#checkers/judge.ts";
import { checkers } from "#checkers/registry.ts";
import type { History, HistoryEvent } from "#history/event.ts";
import { select, suites } from "#spec/scenarios/index.ts";
import { always } from "#spec/scenarios/parts.ts";
import type { Finding, VerdictName } from "#spec/verdict.ts";
import type { Change, Kind, Variant } from "./change.ts";
import { type KnownMiss, knownMisses } from "./known-misses.ts";
import { isOfRightZone, manifestOf, readRecordedHeader, readRecording, recordingNames } from "./recordings.ts";
import { changes } from "./registry.ts";
import { Scene } from "./scene.ts";

/** One change at one place of one history, and one entry that must find it. */
export interface Pair {
  change: string;
  kind: Kind;
  says: string;
  /** Place in the history. */
  at: string;
  recording: string;
  scenario: string;
  entry: string;
  outcome: "broken" | "unknown" | "missed";
  /** Of a miss: why. Else what the entry says. */
  because: string;
  /** Of a miss: other entries of the scenario that found the change. */
  foundBy: string[];
}

export interface HistoriesProof {
  pairs: Pair[];
  /** Known misses that no pair shows any more. */
  stale: KnownMiss[];
  /** Misses that are not known. */
  unknownMisses: Pair[];
}

/** The pairs of one recorded history. `only`: ids of entries; empty for all. */
export function pairsOf(recording: string, only: readonly string[]): Pair[] {
  const { open } = provenHistories().find(({ name }) => name === recording)!;
  return open()(changes, only).flatMap(({ history, judged }) => judged(history()));
}

/** What the pairs of all recorded histories show. `only` as for `pairsOf`. */
export function proofOf(pairs: Pair[], only: readonly string[]): HistoriesProof {
  const known = knownMisses().filter(({ entry }) => only.length === 0 || only.includes(entry));
  const isOf = (pair: Pair, one: KnownMiss) => pair.change === one.change && pair.entry === one.entry;
  const missed = pairs.filter(({ outcome }) => outcome === "missed");
  return {
    pairs,
    stale: known.filter((one) => !missed.some((pair) => isOf(pair, one))),
    unknownMisses: missed.filter((pair) => !known.some((one) => isOf(pair, one))),
  };
}

/** One recorded history that is changed. */
export interface ProvenHistory {
  name: string;
  /** Reads the recording. `only`: ids of entries; empty for all. */
  open: () => (of: readonly Change[], only: readonly string[]) => ChangedHistory[];
}

/** A history that a change was made to at one place. */
export interface ChangedHistory {
  change: Change;
  variant: Variant;
  /** A new one each time. */
  history: () => History;
  /** The entries that must find the change. */
  entries: readonly string[];
  /** Asks these entries, or some of them. */
  judged: (history: History, of?: readonly string[]) => Pair[];
}

export function provenHistories(): ProvenHistory[] {
  const names = recordingNames().filter((name) => isOfRightZone(manifestOf(name)));
  const suitesSeen = new Set<string>();
  return names.map((name) => {
    const { suite } = readRecordedHeader(name);
    const isFirst = suite === "failure" || !suitesSeen.has(suite);
    suitesSeen.add(suite);
    const open = () => {
      const scene = new Scene(name, readRecording(name));
      const baseline = new Baseline(scene.history);
      return (of: readonly Change[], only: readonly string[]) => changedIn(scene, { baseline, of, only, isFirst });
    };
    return { name, open };
  });
}

/** In a history of more events only the entries that are its own are asked. */
const longEvents = 20_000;

interface Asked {
  baseline: Baseline;
  of: readonly Change[];
  only: readonly string[];
  isFirst: boolean;
}

/**
 * DUAL-0 and DUR-6 are decided by every scenario in the same way: `isFirst` says that they are asked in this one. They
 * are asked in each history of the suite "failure", and in the first one of every other suite.
 */
function changedIn(scene: Scene, { baseline, of, only, isFirst }: Asked): ChangedHistory[] {
  const planned = plannedEntries(scene, baseline);
  const isAsked = (entry: string) => only.length === 0 || only.includes(entry);
  const isLong = scene.events.length > longEvents;
  const isSpared = (entry: string) => (isLong || !isFirst) && always.includes(entry);
  return of.flatMap((change) => {
    const everywhere = (change.everywhere ?? []).filter((entry) => ["kept", "unknown"].includes(baseline.of(entry)));
    return change.variants(scene).flatMap((variant) => {
      const named = variant.turns ?? change.turns;
      const ofAll = isLong ? [] : planned;
      const wanted = named === "all" ? ofAll : named.filter((entry) => planned.includes(entry));
      const entries = [...new Set([...wanted, ...everywhere])].filter((entry) => isAsked(entry) && !isSpared(entry));
      return entries.length === 0 ? [] : changed(scene, { change, variant, entries, planned, baseline });
    });
  });
}

/**
 * What the scenario decides today. An older recording may lack the evidence for an entry that the scenario came to
 * decide later: then only a violation counts.
 */
function plannedEntries({ header }: Scene, baseline: Baseline): string[] {
  const all = [...select([], []), ...Object.values(suites).flat()];
  const today = all.find(({ name }) => name === header.scenario)?.entries ?? header.entries;
  return today.filter((entry) => header.entries.includes(entry) || baseline.isKept(entry));
}

/** The verdicts on the unchanged history, each asked for once. */
class Baseline {
  readonly #history: History;
  readonly #verdicts = new Map<string, VerdictName>();
  readonly #explained = new Set<string>();

  constructor(history: History) {
    this.#history = asking(history, history.events);
  }

  of(entry: string): VerdictName {
    const known = this.#verdicts.get(entry);
    if (known) return known;
    const { verdict } = ask(this.#history, [entry], [entry]).get(entry)!;
    this.#verdicts.set(entry, verdict);
    return verdict;
  }

  isKept(entry: string): boolean {
    return this.of(entry) === "kept";
  }

  /** True from the second call on. */
  isExplained(change: string): boolean {
    const isKnown = this.#explained.has(change);
    this.#explained.add(change);
    return isKnown;
  }
}

/** A copy of the history with a header of its own. */
function asking(history: History, events: History["events"]): History {
  return { header: { ...history.header }, events };
}

/**
 * The findings on these entries by entry, when the scenario decides those of them that are `named`. Of the others only
 * a violation is found, and only by a rule that is asked everywhere.
 */
function ask(history: History, entries: readonly string[], named: readonly string[]): Map<string, Finding> {
  // The view of a history is kept by the object, so a second question is cheap.
  history.header.entries = entries.filter((entry) => named.includes(entry));
  const asked = checkers.filter(({ entry }) => entries.includes(entry));
  return new Map(judge(history, asked).map((finding) => [finding.entry, finding]));
}

interface Case {
  change: Change;
  variant: Variant;
  entries: readonly string[];
  planned: string[];
  baseline: Baseline;
}

function changed(scene: Scene, one: Case): ChangedHistory {
  const { change, variant } = one;
  const history = () => {
    const events = variant.events();
    if (isSame(events, scene.events))
      throw new Error(`change ${change.name} (${variant.at}) changes nothing in ${scene.name}`);
    return asking(scene.history, recounted(scene, events));
  };
  const { entries } = one;
  return {
    change,
    variant,
    history,
    entries,
    judged: (made, of = entries) => judged(scene, { ...one, entries: of }, made),
  };
}

function judged(scene: Scene, { change, variant, entries, planned, baseline }: Case, history: History): Pair[] {
  const findings = ask(history, entries, planned);
  const pairs = entries.map((entry): Pair => {
    const finding = findings.get(entry);
    const isPlanned = planned.includes(entry);
    const miss = missOf(finding ?? ask(history, [entry], [entry]).get(entry)!, {
      before: baseline.of(entry),
      isAnswered: finding !== undefined,
      isPlanned,
    });
    const { name, kind, says } = change;
    return {
      change: name,
      kind,
      says,
      at: variant.at,
      recording: scene.name,
      scenario: scene.header.scenario,
      entry,
      outcome: miss === undefined && finding ? (finding.verdict as "broken" | "unknown") : "missed",
      because: miss ?? finding!.because,
      foundBy: [],
    };
  });
  // One judgement a change and history: it is for people, and costs as much as the pair itself.
  if (!pairs.some(({ outcome }) => outcome === "missed") || baseline.isExplained(change.name)) return pairs;
  const others = planned.filter((entry) => baseline.isKept(entry));
  const foundBy = [...ask(history, others, others).values()]
    .filter(({ verdict }) => verdict === "broken" || verdict === "unknown")
    .map(({ entry }) => entry);
  return pairs.map((pair) =>
    pair.outcome === "missed" ? { ...pair, foundBy: foundBy.filter((entry) => entry !== pair.entry) } : pair,
  );
}

/** Why the pair is a miss; undefined when the entry found the change. */
function missOf(
  { verdict, because }: Finding,
  { before, isAnswered, isPlanned }: { before: VerdictName; isAnswered: boolean; isPlanned: boolean },
): string | undefined {
  const isFound = verdict === "broken" || verdict === "unknown";
  if (!isAnswered) return `the scenario does not decide it; asked, it is ${verdict}: ${because}`;
  // Without evidence of its own in the history, an entry that is asked everywhere is unknown and still sees a
  // violation.
  if (isPlanned && before !== "kept") return `the entry is ${before} on the unchanged history, so this shows nothing`;
  return isFound ? undefined : `it stays ${verdict}: ${because}`;
}

const outcomes = { invoke: "invoked", ok: "ok", fail: "fail", info: "info" } as const;

/**
 * The clients of a wrong zone count what they saw: the counts follow the changed calls, of the load and of the drain.
 */
function recounted(scene: Scene, events: readonly HistoryEvent[]): HistoryEvent[] {
  const endNs = scene.loadEndNs;
  const before = scene.once("calls by type", () => callsByType(scene.events, endNs));
  const now = callsByType(events, endNs);
  return events.map((event) => {
    if (event.type !== "mark" || (event.mark !== "load-stopped" && event.mark !== "drained")) return event;
    const [first, ...rest] = (event.detail?.clients ?? []) as Record<string, number>[];
    if (!first) return event;
    const counts = { ...first };
    const part = event.mark === "drained" ? "drain" : "load";
    for (const [type, name] of Object.entries(outcomes)) {
      const key = `${part} ${type}`;
      counts[name] = (counts[name] ?? 0) + (now.get(key) ?? 0) - (before.get(key) ?? 0);
    }
    return { ...event, detail: { ...event.detail, clients: [counts, ...rest] } } as HistoryEvent;
  });
}

/** A call belongs to the part in which it was invoked. */
function callsByType(events: readonly HistoryEvent[], endNs: number): Map<string, number> {
  const counts = new Map<string, number>();
  const ofDrain = new Set<number>();
  for (const event of events) {
    if (!("op" in event)) continue;
    if (event.type === "invoke" && event.t > endNs) ofDrain.add(event.op);
    const key = `${ofDrain.has(event.op) ? "drain" : "load"} ${event.type}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function isSame(events: readonly HistoryEvent[], before: readonly HistoryEvent[]): boolean {
  return events.length === before.length && events.every((event, place) => event === before[place]);
}
