// What the command line asks of the rest of the harness: one method for each operation. Types only, so that commands
// are tested without Docker. harness/cli/operations.ts ties them to the code that does the work.

import type { Answer, Listing, Outcome, Shown } from "./answers.ts";
import type { ImportOptions, ShrinkOptions } from "./incident-options.ts";
import type { Progress } from "./progress.ts";
import type {
  BenchmarkName,
  BenchmarkOptions,
  CheckOptions,
  GateOptions,
  ProveOptions,
  ReplayOptions,
} from "./run-options.ts";
import type {
  CutOptions,
  DownOptions,
  ExecOptions,
  FaultOptions,
  HealOptions,
  InspectOptions,
  JudgeOptions,
  LogsOptions,
  SaveScenarioOptions,
  SnapshotOptions,
  UpOptions,
  WatchOptions,
} from "./zone-options.ts";

/** Given to every operation. When `signal` aborts, the operation cleans up and rejects with the signal's reason. */
export interface RunContext {
  signal: AbortSignal;
  progress: Progress;
}

export interface Operations {
  gate(options: GateOptions, context: RunContext): Promise<Outcome>;
  /** Runs scenario files, and counts how often each entry was kept and broken. */
  replay(options: ReplayOptions, context: RunContext): Promise<Outcome>;
  /** Judges an evidence folder again, without Docker, and compares with all that was saved. */
  check(options: CheckOptions, context: RunContext): Promise<Outcome>;
  prove(options: ProveOptions, context: RunContext): Promise<Outcome>;
  /** Changes recorded histories and judges them, without Docker. `only`: ids and slugs of entries; empty for all. */
  proveHistories(only: string[], context: RunContext): Promise<Shown>;
  bench<Name extends BenchmarkName>(name: Name, options: BenchmarkOptions[Name], context: RunContext): Promise<Answer>;
  list(): Promise<Listing>;
  /** Reads logs of the field. The exit code is 2 when something in them stays unexplained. */
  importLogs(options: ImportOptions, context: RunContext): Promise<Shown>;
  /** Makes a scenario file smaller while its entry stays broken. */
  shrink(options: ShrinkOptions, context: RunContext): Promise<Shown>;

  /** Which entries the gaps of a profile make weaker or unknown. `path`: absolute. */
  explain(path: string): Promise<Answer>;
  /** Starts a zone of a node image, compares it with its contract and removes it. */
  inspect(options: InspectOptions, context: RunContext): Promise<Shown>;
  up(options: UpOptions, context: RunContext): Promise<Answer>;
  status(context: RunContext): Promise<Answer>;
  down(options: DownOptions, context: RunContext): Promise<Answer>;
  /** @returns the proof of the effect. */
  fault(options: FaultOptions, context: RunContext): Promise<string>;
  /** @returns the proof of the effect. */
  cut(options: CutOptions, context: RunContext): Promise<string>;
  /** @returns the proofs of what was undone. */
  heal(options: HealOptions, context: RunContext): Promise<string>;
  /** Judges what happened so far in a zone that is up. */
  judge(options: JudgeOptions, context: RunContext): Promise<Outcome>;
  /** Writes what was done by hand as a scenario file. */
  saveScenario(options: SaveScenarioOptions, context: RunContext): Promise<Answer>;
  logs(options: LogsOptions, context: RunContext): Promise<void>;
  snapshot(options: SnapshotOptions, context: RunContext): Promise<Answer>;
  restore(options: SnapshotOptions, context: RunContext): Promise<Answer>;
  /** Runs until the signal aborts. */
  watch(options: WatchOptions, context: RunContext): Promise<void>;
  /** Attaches the terminal. @returns the exit code of the program. */
  exec(options: ExecOptions, context: RunContext): Promise<number>;

  engineUp(context: RunContext): Promise<Answer>;
  engineDown(context: RunContext): Promise<Answer>;
  engineStatus(context: RunContext): Promise<Answer>;
  /** The daemon at DOCKER_HOST or at the usual socket; null when none answers. It never starts an engine. */
  daemon(): Promise<{ host: string; version: string } | null>;
  prune(context: RunContext): Promise<Answer>;
}

/** What a command may use: the operations, where it prints, and how it ends. */
export interface CommandContext extends RunContext {
  /** Loaded on the first call: the container libraries take most of a second. */
  operations(): Promise<Operations>;
  /** One or more lines on standard output. */
  print(text: string): void;
  /** The text as it is, on standard output. */
  write(text: string): void;
  /** Sets the exit code. Called at most once; 0 without a call. */
  exit(code: number): void;
}
