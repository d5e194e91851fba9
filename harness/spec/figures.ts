// The figures beside a verdict, by name: what a checker measures over one history, and what an entry shows over all its
// runs. Plain data; units are last in the names. Null: looked for and not found. A name that is not here does not
// compile.

type Maybe = number | null;

/** One assertion of a finding, as verdicts.json has it. */
export interface AssertionRow {
  /** One sentence, true when the assertion holds. */
  says: string;
  verdict: "kept" | "broken" | "unknown";
  /** What was seen. */
  saw: string;
}

/** Where the time of a failover went. The four phases add up to the whole. */
export interface Phases {
  /** From the effect of the fault until the new node owns the VIP: detection, and the move of the address. */
  vipMs: Maybe;
  /** Until its controller process starts: lease, hold-down and gates. */
  gatesMs: Maybe;
  /** Until the controller listens on the VIP. */
  startMs: Maybe;
  /** Until a client gets the first answer. */
  answerMs: Maybe;
}

/** One failover of a scenario. */
export interface TimedFailover {
  /** Kind of failure: the scenario's name without "fail-N-", or the fault where a scenario has several. */
  way: string;
  from: string;
  to: string;
  /** "none": the service moved without a fault on the old node. */
  fault: string;
  failoverS: number;
  failoverUpperS: number;
  effectUncertaintyMs: number;
  /** Last answer of the old node, counted from the effect. */
  lastOkOfOldMs: number;
  phases: Phases;
  runnablePerCore: Maybe;
  /** No node was fit to serve. The time counts from the repair that changed this. */
  isDenied?: true;
  verdict: "kept" | "broken" | "unknown";
}

/** When each stage of a promotion came, counted from the arrival of the VIP. */
export interface PromotionStages {
  node: string;
  advertMs: Maybe;
  controllerMs: Maybe;
  listensMs: Maybe;
  answerMs: Maybe;
  /** How exactly the arrival of the VIP is known. */
  resolutionMs: number;
}

/** Figures of the checkers that judge every scenario: DUAL-0, DUR-6 and TIME-1. */
interface AlwaysFigures {
  /** Time with two nodes active: as long as is certain, and as long as is possible. */
  overlapMs?: number;
  overlapUpperBoundMs?: number;
  /** Longest time between two looks around a change. */
  uncertaintyMs?: number;
  lookGapMaxMs?: number;
  /** From the end of one active span to the start of the other node's. */
  closestApproachMs?: Maybe;
  vipOverlapMs?: number;
  interleavedAnswers?: number;
  acknowledged?: number;
  stored?: number;
  lost?: number;
  lostPrefix?: number;
  lostMiddle?: number;
  lostTail?: number;
  lostByNode?: Record<string, number>;
  altered?: number;
  duplicates?: number;
  moved?: number;
  /** Facts without a definite answer, by whether the stream holds them. */
  infoStored?: number;
  infoAbsent?: number;
  /** Facts that were refused, and that the stream holds. */
  failStored?: number;
  repeated?: number;
  reordered?: number;
  fetches?: number;
  factsFetched?: number;
  /** Share of the acknowledged facts that each consumer was served, in percent. */
  servedPercent?: Record<string, number>;
  /** Pages with facts in them. */
  pagesByNode?: Record<string, number>;
  /** How long before a fetch a fact had been acknowledged that its page did not reach: the longest. */
  staleMs?: number;
  consumers?: number;
  confirmations?: number;
  /** Answers and pages before what was confirmed. */
  cursorsBack?: number;
  /** The failover of the scenario that took longest. */
  /** Known message ids that were sent with another payload; refused, by node. */
  otherPayloads?: number;
  otherPayloadsRefused?: Record<string, number>;
  /** Facts of earlier loads that were sent again and acknowledged. */
  olderRepeats?: number;
  /** Kind of failure: the scenario's name without "fail-N-". */
  way?: string;
  from?: string;
  to?: string | undefined;
  fault?: string;
  failoverS?: Maybe;
  failoverUpperS?: number;
  effectUncertaintyMs?: number;
  lastOkOfOldMs?: Maybe;
  phases?: Phases;
  runnablePerCore?: Maybe;
  isDenied?: true;
  /** All failovers of the scenario. */
  timed?: TimedFailover[];
  boundS?: [least: number, most: number];
  watchedS?: number;
}

/** Figures of the failure table, of the mechanics and of the gates. */
interface FailureFigures {
  stoppedAfterS?: number;
  takenAfterS?: Maybe;
  outS?: number;
  longestOutageMs?: number;
  bothDownS?: number;
  restoredAfterS?: Maybe;
  policy?: string;
  deniedS?: number;
  deniedWays?: string[];
  demotionMs?: number;
  demotionMsByWay?: Record<string, number | undefined>;
  stopMs?: number;
  stopMsByWay?: Record<string, Maybe>;
  givenUpMs?: number;
  rolesTold?: string[];
  afterCrash?: string[];
  boots?: number;
  listened?: number;
  starts?: number;
  closed?: string[];
  outcomes?: string[];
  promotions?: number | PromotionStages[];
  comings?: number;
  adverts?: number | Record<string, number>;
  node?: string | undefined;
  aloneS?: number;
  acknowledgedAgainS?: Maybe;
}

/** How clients were served, call by call. Inside: in the gaps that a fault excuses. */
interface ServiceFigures {
  callsInside?: number;
  unansweredInside?: number;
  callsOutside?: number;
  unansweredOutside?: number;
  /** Slowest answer outside the gaps. */
  slowestOutsideMs?: number;
  /** Longest time from the end of a gap until appends were back to their full rate. */
  fullRateS?: Maybe;
  /** By kind of call and outcome. */
  callsByKind?: Record<string, Record<string, number>>;
}

/** Figures of the steady state: roles, network, security, storage and invariants. */
interface SteadyFigures {
  voters?: string[] | Record<string, Maybe> | null;
  inspections?: number;
  rounds?: number;
  answers?: number;
  activeTerms?: number;
  processes?: Record<string, number>;
  mounts?: Record<string, number>;
  streams?: Record<string, number>;
  durableConsumers?: string[];
  routes?: Record<string, number | string[]>;
  attempts?: Record<string, number>;
  owners?: string[];
  controlAdverts?: number;
  zoneAdverts?: number;
  rows?: number;
  served?: string[];
  refusals?: Record<string, string>;
  chosen?: string | null;
  suitesTried?: number;
  suitesOffered?: number;
  suitesAccepted?: string[];
  notOfferable?: (string | undefined)[];
  leftDaysBefore?: Maybe;
  leftDaysAfter?: Maybe;
  failovers?: number;
  seenOnControl?: number;
  seenElsewhere?: number;
  destinations?: string[];
  proof?: string;
  seenTo?: Record<string, number>;
  key?: string;
  digest?: string | undefined;
  backMs?: Maybe;
  bytesSearched?: Record<string, number>;
  /** Of each zone of a pair: facts that crossed, were lost, or came twice. */
  [crossing: `${string}_to_${string}`]: number;
}

/** Figures of bootstrap and of the monitors. */
interface StartFigures {
  order?: string;
  gapsS?: number[];
  firstAnswerS?: Maybe;
  firstAnswerAfterLastStartS?: Maybe;
  metaLeader?: string | null;
  firstOwner?: string | null;
  afterS?: Maybe;
  silentS?: number;
  knockedS?: Maybe;
  welcome?: string | null;
  redAfterMs?: Maybe;
  greenAfterMs?: Maybe;
  conditions?: number;
}

/** Figures of durability and of recovery. */
interface DurabilityFigures {
  syncIntervalS?: Record<string, number | "always" | null>;
  bursts?: number;
  overS?: number;
  flushesByNode?: Record<string, number>;
  tier?: string;
  inFlight?: number;
  /** Calls without an `ok` in the measured time. */
  unanswered?: number;
  factsPerS?: number;
  p50Ms?: number;
  p99Ms?: number;
  events?: number[];
  acknowledgedPerS?: number;
  acknowledgedBefore?: number;
  acknowledgedAfter?: number;
  lostAfter?: number;
  /** Lost, and stored when the client sent them once more. */
  lostStoredAnew?: number;
  lostBeforeASurvivor?: number;
  lostAgeS?: { youngest: number; median: number; oldest: number };
  powerSpreadMs?: number | undefined;
  /** Appends that were tried while two servers were frozen; by active node, how long they were. */
  withheldCalls?: number;
  withheldMs?: string[];
  messagesByServer?: Record<string, number>;
  factsLeader?: string | null;
  calledCurrent?: string[];
  byNode?: Record<string, { catchUpS: number; bytes: number; receivedBytes: number }>;
  catchUpS?: number;
  movedBytes?: number;
  storeBytes?: number;
  facts?: number;
  cursors?: number;
  restoredS?: number;
  restoredMessages?: number | undefined;
  snapshotBytes?: number | undefined;
  textsRead?: number;
  denials?: number;
  byKind?: Record<string, number>;
  replayedFacts?: number;
  fromSnapshotFacts?: number;
  peerFacts?: number;
  wholeAgainS?: number;
  rotted?: string | undefined;
  lostAtEnd?: Maybe;
  differing?: number;
  /** By the replica that led when the facts were read. */
  [served: `${"lost" | "altered"}ServedBy${string}`]: number;
}

/** What a checker measured over one history. */
export interface Figures
  extends AlwaysFigures, FailureFigures, ServiceFigures, SteadyFigures, StartFigures, DurabilityFigures {
  assertions?: AssertionRow[];
  /** Assumptions of the run that were not met. */
  unmet?: string[];
  /** What the checker measured in the peer zone. */
  inPeerZone?: Figures;
}

/** Names of the figures that are plain numbers. */
export type NumberFigure = {
  [N in keyof Figures]-?: number extends Figures[N] ? N : never;
}[keyof Figures];

export interface Spread {
  n: number;
  minS: number;
  medianS: number;
  p95S: number;
  maxS: number;
}

/** What one tier of flushing costs. */
export type TierCost = Record<"factsPerS" | "p50Ms" | "p99Ms" | "unanswered", Maybe>;

/** What an entry shows over all its runs. `XMost` is the largest X of them. */
export interface EntryFigures
  extends Partial<Spread>, Partial<Record<SummedFigure, Maybe>>, Partial<Record<`${NumberFigure}Most`, Maybe>> {
  runs?: number;
  kept?: number;
  broken?: number;
  unknown?: number;
  phases?: Phases;
  byWay?: Record<string, (Spread | { n: 0 }) & { phases: Phases }>;
  /** What it shows that n of n runs were inside the bound, in words. */
  decision?: string;
  byTier?: Record<string, TierCost>;
  acknowledgedPerSLeast?: Maybe;
  /** Of any consumer in any run. */
  servedPercentLeast?: Maybe;
  oldestLostS?: number;
}

/** Figures that keep their names when they are summed, or when the worst is taken. */
type SummedFigure =
  | "overlapMs"
  | "overlapUpperBoundMs"
  | "uncertaintyMs"
  | "closestApproachMs"
  | "vipOverlapMs"
  | "interleavedAnswers"
  | "acknowledged"
  | "lost"
  | "lostPrefix"
  | "lostMiddle"
  | "lostTail"
  | "altered"
  | "duplicates"
  | "infoStored"
  | "infoAbsent"
  | "fetches"
  | "factsFetched"
  | "staleMs"
  | "otherPayloads"
  | "olderRepeats"
  | "lostBeforeASurvivor"
  | "powerSpreadMs";

/** The words that `because` has for an assertion that is broken. Waivers match them. */
export function brokenWords({ says, saw }: Pick<AssertionRow, "says" | "saw">): string {
  return `${saw}; expected "${says}"`;
}
