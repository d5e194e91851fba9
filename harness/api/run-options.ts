// Options of the operations that run scenarios or measure. Types only. An absent field takes the default.

import type { FaultSpec } from "#spec/faults.ts";
import type { NodeName } from "#spec/node.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";

/** What to run, and how. */
export interface SelectOptions {
  suites: string[];
  /** Ids and slugs of catalogue entries. `prove` also takes names of mutants. */
  only: string[];
  /** Zones at a time. Absent: as many as the machine can carry. */
  jobs?: number;
  /** Evidence folder, absolute. */
  out?: string;
  seed?: number;
}

/** What the zones of a run are made of, and when it ends. */
export interface TestedOptions {
  /** Ends the run after this many seconds; what did not run by then is unknown. */
  deadlineS?: number;
  /** Zone profile, absolute path. */
  profile?: string;
  /** Another nats-server binary: absolute path, or "debian:SUITE". */
  natsServer?: string;
  /** Image of another controller: absolute path of an archive, or a reference. */
  controller?: string;
  /** Node image of another vendor for each node: absolute path, or a reference. The profile describes it. */
  image?: Record<NodeName, string>;
  /** Leave a zone running when one of its entries is broken. */
  isKept: boolean;
}

export interface GateOptions extends SelectOptions, TestedOptions {
  repeat: number;
  tier: Tier;
  /** File system for scenarios that ask for a disk. Absent: the scenario decides. */
  stores?: StoreKind;
}

/** The person who walks through a scenario. */
export interface StepTerminal {
  columns: number;
  write: (text: string) => void;
  /** @returns undefined at the end of the input. Rejects with the reason of the signal. */
  readLine: (prompt: string, signal: AbortSignal) => Promise<string | undefined>;
  /** The fault of a command such as `fault kill alpha`. @throws HarnessError what is wrong with it. */
  parseFault: (words: readonly string[]) => Promise<FaultSpec>;
}

export interface ReplayOptions extends TestedOptions {
  /** Scenario files, as given. */
  files: string[];
  /** Ids and slugs; empty for what the files name. */
  only: string[];
  repeat: number;
  /** Runs each file until an entry is broken, at most `repeat` times. */
  isUntilBroken: boolean;
  /** Writes the figures into the files. */
  isRecorded: boolean;
  /** Stops before each step and asks. */
  terminal?: StepTerminal;
  jobs?: number;
  out?: string;
  seed?: number;
}

export interface ProveOptions extends SelectOptions {
  /** Lay the mutants over zones with this controller: absolute path of an archive, or a reference. */
  controller?: string;
}

/** The options of each benchmark, by its name on the command line. */
export interface BenchmarkOptions {
  zone: { out?: string };
  /** The folder of a finished run. */
  run: { folder: string };
  /** Failover times with 1 to `zones` zones at a time, `samples` each. */
  parallel: { zones: number; samples: number; out?: string };
  /** `facts` each way between two zones. */
  exchange: { facts: number };
  /** Reads and judges a generated history of this many operations. */
  checker: { operations: number };
  /** Freezes these nodes in turn, under load, `samples` times for `seconds` each. */
  pause: { nodes: NodeName[]; seconds: number; samples: number; natsServer?: string; out?: string };
}

export type BenchmarkName = keyof BenchmarkOptions;

export interface CheckOptions {
  folder: string;
  /** Writes verdicts.json and the reports again. */
  isWriting: boolean;
}
