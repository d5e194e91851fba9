// Wald's sequential test: is the red of a replay as likely as it must be? It asks for no more replays than it needs.
// Pure.

export type Answer = "red" | "not-red" | "undecided";

export interface SequentialOptions {
  /** A version counts as red when at least this share of its replays is red. */
  redAtLeast: number;
  /** Chance that the answer is right, either way, e.g. 0.95. */
  confidence: number;
  /** Replays of one version. Without an answer by then it is undecided. */
  replaysMax: number;
}

/** A share that no version should be taken for red with. Between it and `redAtLeast`, either answer may come. */
const indifference = 0.3;
/** A share of 1 would make one replay that is not red final. */
const shareMax = 0.95;

export class SequentialTest {
  readonly #redStep: number;
  readonly #otherStep: number;
  readonly #bound: number;
  readonly #replaysMax: number;
  #evidence = 0;
  red = 0;
  /** Replays that were red or not. Those of unknown outcome tell nothing. */
  decided = 0;
  replays = 0;

  constructor({ redAtLeast, confidence, replaysMax }: SequentialOptions) {
    const high = Math.min(redAtLeast, shareMax);
    const low = high * indifference;
    this.#redStep = Math.log(high / low);
    this.#otherStep = Math.log((1 - high) / (1 - low));
    this.#bound = Math.log(confidence / (1 - confidence));
    this.#replaysMax = replaysMax;
  }

  add(outcome: "red" | "not-red" | "unknown"): void {
    this.replays += 1;
    if (outcome === "unknown") return;
    this.decided += 1;
    if (outcome === "red") this.red += 1;
    this.#evidence += outcome === "red" ? this.#redStep : this.#otherStep;
  }

  /** Undefined: another replay is needed. */
  get answer(): Answer | undefined {
    if (this.#evidence >= this.#bound) return "red";
    if (this.#evidence <= -this.#bound) return "not-red";
    return this.replays >= this.#replaysMax ? "undecided" : undefined;
  }
}

/** Wilson's interval of a share, 95%. */
export function shareInterval(red: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const share = red / of;
  const scale = 1 + z ** 2 / of;
  const middle = (share + z ** 2 / (2 * of)) / scale;
  const half = (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / scale;
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
