// The tests on whole histories, in parts, so that one history serves every mutant that it reaches: the cases of the
// corpus, the recordings, and each change of a recording, as `triad prove --histories` makes them. A missed pair fails,
// unless fixtures/known-misses.yaml lists it. Each test asks one entry: a mutant meets only the checkers that reach it.

import { decodeHistory, encodeHistory } from "../../harness/history/codec.ts";
import type { History } from "../../harness/history/event.ts";
import { askedEverywhere } from "../../harness/checkers/asked-everywhere.ts";
import type { Case } from "../../fixtures/corpus/cases/case.ts";
import { cases, historyOf, titleOf } from "../../fixtures/corpus/cases/index.ts";
import { askedForExcuse, lineOf, recordedFindings } from "../../fixtures/corpus/findings.ts";
import { checkerFailed, type Need, needs } from "../../fixtures/corpus/needs.ts";
import { checkers } from "../../harness/checkers/registry.ts";
import { judge } from "../../harness/checkers/judge.ts";
import { knownMisses } from "../../harness/mutations/known-misses.ts";
import { type ChangedHistory, provenHistories } from "../../harness/mutations/prove-histories.ts";
import { manifestOf, readRecording, recordingNames } from "../../harness/mutations/recordings.ts";
import { changes } from "../../harness/mutations/registry.ts";
import type { JudgingTest } from "./jest-globals.ts";

const corpusFile = "harness/checkers/corpus.test.ts";
const latenessFile = "harness/checkers/lateness.test.ts";
const recordedFile = "harness/checkers/recorded.test.ts";
const file = "harness/mutations/prove-histories.test.ts";
/** A change is tried at so many places of a history: the first, the last, and one between them. */
const placesMax = 3;

/**
 * Each case gets its verdict for its reason. Then what a valid history needs is taken from it. Then a valid history
 * keeps every other entry too. `only`: ids of entries; empty for all.
 */
export function* corpusTests(only: readonly string[]): Generator<JudgingTest> {
  for (const one of cases) if (isIn(only)(one.entry)) yield* testsOf(one, [one.entry]);
  for (const one of cases) if (isIn(only)(one.entry) && one.verdict === "broken") yield* testOfExcuse(one);
  for (const need of needs) if (isIn(only)(need.one.entry)) yield testOfNeed(need);
  for (const one of cases.filter(({ verdict }) => verdict === "kept")) {
    const others = new Set([...historyOf(one).header.entries, ...askedEverywhere]);
    yield* testsOf(
      one,
      [...others].filter((entry) => entry !== one.entry && isIn(only)(entry)),
    );
  }
}

function* testsOf(one: Case, entries: readonly string[]): Generator<JudgingTest> {
  const history = decodeHistory(encodeHistory(historyOf(one)));
  for (const entry of entries) {
    const asks = entry === one.entry ? "own" : "aside";
    const id = `${corpusFile} > ${titleOf(one)}${asks === "own" ? "" : ` keeps ${entry}`}`;
    yield { id, file: corpusFile, asks, run: () => judgeCase(one, entry, history) };
  }
}

const recorded = recordedFindings();

/** Of a case that a busy machine excuses: from how many tasks on, and in which seconds. */
function* testOfExcuse(one: Case): Generator<JudgingTest> {
  const wanted = recorded.excuses.find((line) => line.startsWith(`${one.entry} ${one.name} | `));
  if (!wanted) return;
  const excuse = askedForExcuse(one);
  const run = () => {
    const now = excuse();
    if (now !== wanted) throw new Error(`"${now}" is not "${wanted}"`);
  };
  yield { id: `${latenessFile} > ${titleOf(one)}`, file: latenessFile, asks: "own", run };
}

function testOfNeed({ one: { entry }, says, verdicts, history }: Need): JudgingTest {
  const made = history();
  const run = () => {
    const { verdict, because } = findingOn(made, entry)!;
    if (!(verdicts as readonly string[]).includes(verdict) || checkerFailed.test(because))
      throw new Error(`${entry} is ${verdict}: ${because}`);
  };
  return { id: `${corpusFile} > ${says}`, file: corpusFile, asks: "own", run };
}

function judgeCase(one: Case, entry: string, history: History): void {
  const finding = findingOn(history, entry);
  const isOwn = entry === one.entry;
  const alsoBreaks = one.alsoBreaks?.includes(entry) ?? false;
  // An entry that is asked everywhere is silent when it saw no violation.
  if (!finding && !isOwn && !alsoBreaks) return;
  const wanted = isOwn ? one.verdict : alsoBreaks ? "broken" : "kept";
  const isForItsReason = !isOwn || !one.because || one.because.test(finding?.because ?? "");
  if (finding?.verdict !== wanted || !isForItsReason)
    throw new Error(`${entry} is ${finding?.verdict}: ${finding?.because}`);
  if (isOwn && lineOf(one, finding) !== recorded.lines.get(`${entry} ${one.name}`))
    throw new Error(`the finding is not as recorded: ${lineOf(one, finding)}`);
}

function findingOn(history: History, entry: string) {
  const asked = checkers.filter((one) => one.entry === entry);
  return judge(history, asked).find((finding) => finding.entry === entry);
}

function isIn(only: readonly string[]): (entry: string) => boolean {
  return (entry) => only.length === 0 || only.includes(entry);
}

/** Each recording gets the verdicts of its manifest. `only`: ids of entries; empty for all. */
export function* recordedTests(only: readonly string[]): Generator<JudgingTest> {
  for (const name of recordingNames()) {
    const wanted = Object.entries(manifestOf(name).verdicts).filter(([entry]) => isIn(only)(entry));
    if (wanted.length === 0) continue;
    const history = readRecording(name);
    for (const [entry, verdict] of wanted) {
      const run = () => {
        const finding = findingOn(history, entry);
        if (finding?.verdict !== verdict)
          throw new Error(`${entry} is ${finding?.verdict} and was ${verdict}: ${finding?.because}`);
      };
      yield { id: `${recordedFile} > ${name} > ${entry}`, file: recordedFile, run };
    }
  }
}

/** The changed histories, for each recording, change and entry. `only`: ids of entries; empty for all. */
export function* historyTests(only: readonly string[]): Generator<JudgingTest> {
  const known = new Set(knownMisses().map(({ change, entry }) => `${change} ${entry}`));
  for (const { name, open } of provenHistories()) {
    const changedBy = open();
    for (const change of changes) {
      const all = atSomePlaces(changedBy([change], only)).map((one) => ({ ...one, made: one.history() }));
      for (const entry of new Set(all.flatMap(({ entries }) => entries))) {
        if (known.has(`${change.name} ${entry}`)) continue;
        const asked = all.filter(({ entries }) => entries.includes(entry));
        // The verdict on the unchanged history is asked for once, and kept.
        for (const { made, judged } of asked) judged(made, [entry]);
        const run = () => {
          for (const { made, judged } of asked)
            for (const { outcome, at, because } of judged(made, [entry]))
              if (outcome === "missed") throw new Error(`${change.name} (${at}) is missed by ${entry}: ${because}`);
        };
        yield { id: `${file} > ${name} > ${change.name} > ${entry}`, file, run };
      }
    }
  }
}

function atSomePlaces(all: readonly ChangedHistory[]): ChangedHistory[] {
  const places = new Set(Array.from({ length: placesMax }, (_, place) => (place * (all.length - 1)) / (placesMax - 1)));
  return all.filter((_, place) => [...places].some((one) => Math.round(one) === place));
}
