// Makes a scenario smaller while one entry stays broken. Replays are not deterministic, so each version is replayed
// until a sequential test has an answer, and a step goes only when the red stays likely without it. The replay is
// given: this file knows no zone.

import { HarnessError } from "#base/errors.ts";
import type { Step } from "#spec/steps.ts";
import { minimize } from "./minimize.ts";
import { type Answer, SequentialTest, shareInterval } from "./sequential-test.ts";
import {
  faultsOf,
  holdMsOf,
  type Piece,
  piecesOf,
  shorter,
  sizeOf,
  stepsOf,
  stepWords,
  withFaults,
} from "./smaller.ts";

export type Outcome = "red" | "not-red" | "unknown";

export interface ShrinkParts {
  /** Replays these steps once. `seed` differs from replay to replay. */
  replay(steps: readonly Step[], seed: number): Promise<Outcome>;
  /** Can these steps be a scenario at all? A version that cannot is not replayed. */
  isValid(steps: readonly Step[]): boolean;
  say(line: string): void;
}

export interface ShrinkOptions {
  redAtLeast: number;
  confidence: number;
  /** Of all versions together. The fresh ones of the result come on top. */
  replaysMax: number;
  seed: number;
}

export interface Shrunk {
  steps: Step[];
  /** Of the original and of the result: replays that were red, of those that decided. */
  before: { red: number; of: number };
  after: { red: number; of: number };
  replays: number;
  versions: number;
  /** No replay was left before nothing could be dropped any more. */
  isCutShort: boolean;
}

/** Of one version. */
const replaysPerVersion = 20;
/** Replays of the result, beside those that the search made of it. */
const confirmReplays = 10;

/**
 * @throws HarnessError `shrink/not-red` when the original is not red often enough.
 */
export async function shrink(original: readonly Step[], options: ShrinkOptions, parts: ShrinkParts): Promise<Shrunk> {
  const search = new Search(options, parts);
  const whole = await search.test([...original], "the file as it is");
  if (whole.answer !== "red")
    throw new HarnessError(
      "shrink/not-red",
      `${whole.red} of ${whole.decided} replays of the file were red: that is not ${Math.round(options.redAtLeast * 100)}% or more`,
    );
  let steps = [...original];
  for (let round = 1; ; round += 1) {
    const before = steps;
    steps = await search.fewerSteps(steps);
    steps = await search.fewerFaults(steps);
    steps = await search.shorterHolds(steps);
    if (search.isSpent || isSame(before, steps)) break;
    parts.say(`round ${round}: ${sizeOf(steps)} steps and faults are left`);
  }
  const after = await search.confirm(steps);
  return {
    steps,
    before: { red: whole.red, of: whole.decided },
    after,
    replays: search.replays,
    versions: search.versions,
    isCutShort: search.isSpent,
  };
}

const isSame = (a: readonly Step[], b: readonly Step[]): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Tested {
  answer: Answer;
  red: number;
  decided: number;
}

class Search {
  readonly #options: ShrinkOptions;
  readonly #parts: ShrinkParts;
  readonly #known = new Map<string, Tested>();
  replays = 0;
  isSpent = false;

  constructor(options: ShrinkOptions, parts: ShrinkParts) {
    this.#options = options;
    this.#parts = parts;
  }

  get versions(): number {
    return this.#known.size;
  }

  async test(steps: Step[], what: string): Promise<Tested> {
    const key = JSON.stringify(steps);
    const known = this.#known.get(key);
    if (known) return known;
    const test = new SequentialTest({ ...this.#options, replaysMax: replaysPerVersion });
    while (test.answer === undefined && this.replays < this.#options.replaysMax) await this.#replayOnce(steps, test);
    if (test.answer === undefined) this.isSpent = true;
    const tested = { answer: test.answer ?? "undecided", red: test.red, decided: test.decided };
    this.#known.set(key, tested);
    const seen = `${test.red} of ${test.decided} red${test.replays > test.decided ? `, ${test.replays - test.decided} unknown` : ""}`;
    this.#parts.say(`${what}: ${tested.answer} (${seen})`);
    return tested;
  }

  async #replayOnce(steps: Step[], test: SequentialTest): Promise<void> {
    this.replays += 1;
    test.add(await this.#parts.replay(steps, (this.#options.seed + this.replays) >>> 0));
  }

  /** May this take the place of what is there? Undefined: no replay is left. */
  async #isRed(steps: Step[], what: string): Promise<boolean | undefined> {
    if (this.isSpent) return undefined;
    if (steps.length === 0 || !this.#parts.isValid(steps)) return false;
    const { answer } = await this.test(steps, what);
    return this.isSpent ? undefined : answer === "red";
  }

  async fewerSteps(steps: Step[]): Promise<Step[]> {
    const pieces = piecesOf(steps);
    const kept = await minimize<Piece>(pieces, (part) => {
      const left = new Set(part.map(({ id }) => id));
      const gone = pieces.filter(({ id }) => !left.has(id)).map(({ step }) => stepWords(step));
      return this.#isRed(stepsOf(part), `without ${brief(gone)} (${part.length} of ${pieces.length} steps)`);
    });
    return stepsOf(kept);
  }

  async fewerFaults(steps: Step[]): Promise<Step[]> {
    const current = [...steps];
    for (const [index, step] of steps.entries()) {
      const faults = faultsOf(step);
      if (!faults || faults.length < 2) continue;
      const kept = await minimize(faults, (part) => {
        if (part.length === 0) return Promise.resolve(false);
        const smaller = current.with(index, withFaults(step, part));
        return this.#isRed(
          smaller,
          `only ${part.map(({ fault, node }) => `${fault} ${node}`).join(", ")} of step ${index + 1}`,
        );
      });
      current[index] = withFaults(step, kept);
    }
    return current;
  }

  async shorterHolds(steps: Step[]): Promise<Step[]> {
    const current = [...steps];
    for (const index of steps.keys()) {
      for (let next = shorter(current[index]!); next; next = shorter(current[index]!)) {
        const isRed = await this.#isRed(current.with(index, next), `step ${index + 1} as ${stepWords(next)}`);
        if (!isRed) break;
        current[index] = next;
      }
    }
    return current;
  }

  /**
   * The search looked at many versions, and one of them may have been red by luck. So the result is replayed afresh.
   */
  async confirm(steps: Step[]): Promise<{ red: number; of: number }> {
    const test = new SequentialTest({ ...this.#options, replaysMax: confirmReplays });
    while (test.replays < confirmReplays) await this.#replayOnce(steps, test);
    const [low, high] = shareInterval(test.red, test.decided);
    this.#parts.say(
      `the result again: ${test.red} of ${test.decided} red, 95% interval ${percent(low)} to ${percent(high)} (${sizeOf(steps)} steps and faults, ${holdMsOf(steps)} ms of holds)`,
    );
    return { red: test.red, of: test.decided };
  }
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

const brief = (words: readonly string[]): string =>
  words.length > 3 ? `${words.slice(0, 3).join(", ")} and ${words.length - 3} more` : words.join(", ");
