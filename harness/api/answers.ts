// What the operations give back. Types only.

/** 0 all kept, 1 something broken, 2 something unknown, 3 the harness failed, 64 a wrong request. */
export type ExitCode = 0 | 1 | 2 | 3 | 64;

/** The result of a run that judges entries. */
export interface Outcome {
  exitCode: ExitCode;
  /** How many entries have each verdict. */
  kept: number;
  broken: number;
  unknown: number;
  /** Broken in a way that the profile waives. */
  waived: number;
  notApplicable: number;
  /** Evidence folder, absolute. */
  out: string;
  /** Of `replay`: each entry's share of the runs. */
  replays?: Replayed[];
  /** Of `check`: each difference between the folder and its evidence, as a sentence. */
  differences?: string[];
  /** Lines for the terminal. */
  summary: string;
}

/** Runs of one scenario file in which an entry got a verdict, and the 95% interval of their share, 0 to 1. */
export interface Share {
  count: number;
  of: number;
  from: number;
  to: number;
}

export interface Replayed {
  scenario: string;
  entry: string;
  /** The verdict that the file expects; absent where it expects none. */
  expected?: string;
  kept: Share;
  broken: Share;
  unknown: Share;
  /** History of the first run that broke it, in the evidence folder. */
  firstBroken?: string;
}

/** A measurement or a state: lines for a person, plain data for a program. */
export interface Answer {
  summary: string;
  data: unknown;
}

/** What `prove --histories` shows: as an answer, with the exit code that it asks for. */
export interface Shown extends Answer {
  exitCode: ExitCode;
}

/** A scenario as `list` shows it. */
export interface ListedScenario {
  name: string;
  suite: string;
  entries: string[];
}

export interface Listing {
  entries: { id: string; slug: string; section: string; says: string }[];
  scenarios: ListedScenario[];
  /** How many scenarios each runs. Two suites share scenarios with others, and two run only when they are named. */
  suites: { name: string; scenarios: number }[];
  faults: { name: string; does: string }[];
}
