// The tests on whole histories, in parts, so that one history serves every mutant that it reaches: the cases of the
// corpus, the recordings, and each change of a recording, as `triad prove --histories` makes them. A missed pair fails,
// unless fixtures/known-misses.yaml lists it.

import { decodeHistory, encodeHistory } from "../../harness/history/codec.ts";
import type { Change } from "../../harness/mutations/change.ts";
import { cases, historyOf, titleOf } from "../../fixtures/corpus/cases/index.ts";
import { checkers } from "../../harness/checkers/registry.ts";
import { judge } from "../../harness/checkers/judge.ts";
import { knownMisses } from "../../harness/mutations/known-misses.ts";
import { type ChangedHistory, provenHistories } from "../../harness/mutations/prove-histories.ts";
import { manifestOf, readRecording, recordingNames } from "../../harness/mutations/recordings.ts";
import { changes } from "../../harness/mutations/registry.ts";
import type { JudgingTest } from "./jest-globals.ts";

const corpusFile = "harness/checkers/corpus.test.ts";
const recordedFile = "harness/checkers/recorded.test.ts";
const file = "harness/mutations/prove-histories.test.ts";
/** A change is tried at so many places of a history: the first, the last, and one between them. */
const placesMax = 3;

/** Each case gets its verdict for its reason, and a valid history keeps every other entry too. */
export function corpusTests(): JudgingTest[] {
  return cases.map((one) => ({
    id: `${corpusFile} > ${titleOf(one)}`,
    file: corpusFile,
    prepare: () => {
      const history = decodeHistory(encodeHistory(historyOf(one)));
      const asked = one.verdict === "kept" ? checkers : checkers.filter(({ entry }) => entry === one.entry);
      return () => {
        for (const { entry, verdict, because } of judge(history, asked)) {
          const other = one.alsoBreaks?.includes(entry) ? "broken" : "kept";
          const isOwn = entry === one.entry;
          if (!isOwn && one.verdict !== "kept") continue;
          if (verdict !== (isOwn ? one.verdict : other) || (isOwn && one.because?.test(because) === false))
            throw new Error(`${entry} is ${verdict}: ${because}`);
        }
      };
    },
  }));
}

/** Each recording gets the verdicts of its manifest. `only`: ids of entries; empty for all. */
export function recordedTests(only: readonly string[]): JudgingTest[] {
  const isAsked = (entry: string) => only.length === 0 || only.includes(entry);
  const asked = checkers.filter(({ entry }) => isAsked(entry));
  const names = recordingNames().filter((name) => Object.keys(manifestOf(name).verdicts).some(isAsked));
  return names.map((name) => ({
    id: `${recordedFile} > ${name}`,
    file: recordedFile,
    prepare: () => {
      const history = readRecording(name);
      const { verdicts } = manifestOf(name);
      return () => {
        for (const { entry, verdict, because } of judge(history, asked))
          if (isAsked(entry) && Object.hasOwn(verdicts, entry) && verdict !== verdicts[entry])
            throw new Error(`${entry} is ${verdict} and was ${verdicts[entry]}: ${because}`);
      };
    },
  }));
}

/** A changed history for each change and recording. `only`: ids of entries; empty for all. */
export function historyTests(only: readonly string[]): JudgingTest[] {
  const known = new Set(knownMisses().map(({ change, entry }) => `${change} ${entry}`));
  return provenHistories().flatMap(({ name, open }) => {
    let changedBy: ReturnType<typeof open> | undefined;
    return changes.map((change) => ({
      id: `${file} > ${name} > ${change.name}`,
      file,
      prepare: () => prepared((changedBy ??= open())([change], only), change, known),
    }));
  });
}

/** Makes the histories, and judges them once, so that the verdicts on the unchanged history are known. */
function prepared(all: readonly ChangedHistory[], change: Change, known: ReadonlySet<string>): () => void {
  const places = new Set(Array.from({ length: placesMax }, (_, place) => (place * (all.length - 1)) / (placesMax - 1)));
  const chosen = all.filter((_, place) => [...places].some((one) => Math.round(one) === place));
  const made = chosen.map(({ history, judged }) => ({ judged, history: history() }));
  for (const { history, judged } of made) judged(history);
  return () => {
    const missed = made
      .flatMap(({ history, judged }) => judged(history))
      .find(({ outcome, entry }) => outcome === "missed" && !known.has(`${change.name} ${entry}`));
    if (missed) throw new Error(`${change.name} (${missed.at}) is missed by ${missed.entry}: ${missed.because}`);
  };
}
