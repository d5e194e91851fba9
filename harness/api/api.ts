// What the command line asks of the rest of the harness: one method a command, plain options in, plain answers out.
// Types only, so that commands are tested without Docker. triad.ts does the work.

import type { NodeName, Segment } from "#spec/node.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import type { Progress } from "./progress.ts";

/** 0 all kept, 1 something broken, 2 something unknown, 3 the harness failed, 64 usage. */
export type ExitCode = 0 | 1 | 2 | 3 | 64;

/** Given to every method. When `signal` aborts, clean up and reject with its reason. */
export interface RunContext {
  signal: AbortSignal;
  progress: Progress;
}

/** What a run is chosen and shaped by; absent fields take the harness's own default. */
export interface SelectOptions {
  suites: string[];
  /** Ids and slugs of catalogue entries. */
  only: string[];
  /** Zones at a time; absent: what the machine carries. */
  jobs?: number;
  /** Evidence folder, absolute. */
  out?: string;
  seed?: number;
}

export interface GateOptions extends SelectOptions {
  repeat: number;
  tier: Tier;
  /** Instead of what scenarios that ask for a disk ask for. */
  stores?: StoreKind;
  /** Zone profile, absolute path. */
  profile?: string;
  /** Another nats-server binary, absolute path. */
  natsServer?: string;
  /** Leave zones running that broke a promise, to look inside. */
  isKept: boolean;
}

export interface Outcome {
  exitCode: ExitCode;
  /** How many entries were decided which way. */
  kept: number;
  broken: number;
  unknown: number;
  /** Broken in a way that the profile waives. */
  waived: number;
  notApplicable: number;
  /** Evidence folder, absolute. */
  out: string;
  /** What a person reads on the terminal. */
  summary: string;
}

export interface BenchOptions {
  out?: string;
  seconds: number;
  /** So many facts each way between two zones, through failovers and a cut. */
  exchange?: number;
  /** Folder of a run that is over: its wall time beside its obliged waits, and nothing is run. */
  evidence?: string;
  /** Failover times of up to so many zones side by side, `samples` at each width. */
  drift?: number;
  samples: number;
  /** Reads and judges an invented history of so many operations, and nothing is run. */
  operations?: number;
}

/** A measurement or a state: lines for a person, plain data for a machine. */
export interface Answer {
  summary: string;
  data: unknown;
}

export type NodeFault = "kill" | "stop" | "pause" | "resume" | "power" | "reboot";

export interface FaultOptions {
  way: NodeFault;
  node: NodeName;
  /** Absent: the only zone that is up. */
  zone?: string;
}

export interface CutOptions {
  nodes: NodeName[];
  /** Empty: everybody. */
  peers: (NodeName | "clients")[];
  segments: Segment[];
  /** Packets of `nodes` to `peers` only; the way back stays open. */
  isOneWay: boolean;
  zone?: string;
}

export interface LogsOptions {
  node: NodeName;
  isFollowing: boolean;
  zone?: string;
  write: (text: string) => void;
}

export interface ExecOptions {
  node: NodeName;
  argv: string[];
  zone?: string;
}

export interface SnapshotOptions {
  /** Absolute. */
  folder: string;
  zone?: string;
}

export interface WatchOptions {
  /** Absent: the only zone that is up. */
  zone?: string;
  /** One line of JSON a change. */
  isJson: boolean;
  /** Where metrics are served on 127.0.0.1; absent: nowhere. */
  metricsPort?: number;
  /** Standard output is a terminal that a picture can be drawn on. */
  terminal?: { columns: number; isColoured: boolean };
  write: (text: string) => void;
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
  faults: { name: string; does: string }[];
}

export interface Triad {
  gate(options: GateOptions, context: RunContext): Promise<Outcome>;
  /** Judges the saved histories of an evidence folder again, without Docker. */
  check(folder: string, context: RunContext): Promise<Outcome>;
  prove(options: SelectOptions, context: RunContext): Promise<Outcome>;
  bench(options: BenchOptions, context: RunContext): Promise<Answer>;
  list(): Promise<Listing>;

  zoneUp(options: { name: string; tier: Tier; stores: StoreKind }, context: RunContext): Promise<Answer>;
  zoneStatus(context: RunContext): Promise<Answer>;
  zoneDown(options: { name?: string; isAll: boolean }, context: RunContext): Promise<Answer>;
  /** @returns what proves the effect. */
  fault(options: FaultOptions, context: RunContext): Promise<string>;
  cut(options: CutOptions, context: RunContext): Promise<string>;
  heal(options: { zone?: string }, context: RunContext): Promise<string>;
  logs(options: LogsOptions, context: RunContext): Promise<void>;
  snapshot(options: SnapshotOptions, context: RunContext): Promise<Answer>;
  restore(options: SnapshotOptions, context: RunContext): Promise<Answer>;
  /** Until the signal. */
  watch(options: WatchOptions, context: RunContext): Promise<void>;
  /** Terminal attached; @returns the program's own exit code. */
  exec(options: ExecOptions, context: RunContext): Promise<number>;

  engineUp(context: RunContext): Promise<Answer>;
  engineDown(context: RunContext): Promise<Answer>;
  engineStatus(context: RunContext): Promise<Answer>;
  /** Who answers where DOCKER_HOST or the usual socket points; null when nobody does. Never starts an engine. */
  daemon(): Promise<{ host: string; version: string } | null>;
  prune(context: RunContext): Promise<Answer>;
}

/** The world of a command: what it may call, where it prints, how it ends. */
export interface Door {
  triad(): Promise<Triad>;
  context: RunContext;
  /** One line, or several, on standard output. */
  print(text: string): void;
  /** As it stands, on standard output. */
  write(text: string): void;
  /** Called at most once; absent means 0. */
  exit(code: number): void;
}
