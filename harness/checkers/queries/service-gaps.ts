// The calls of the clients on the client host, by kind, and the gaps in which a kind got no answer. One pass over the
// columns of the history.

import { type HistoryView, markOf } from "#history/view.ts";
import type { OperationName } from "#history/event.ts";
import { appendWord, callTypes, none } from "#history/event-table.ts";
import { defaultLoad } from "#spec/scenario.ts";
import { nsPerMs, nsPerS } from "../checker.ts";
import { isOutside, loadEndNs, marksOf } from "./history-queries.ts";

/**
 * "repeat" is an append whose message id was sent before. It is a kind of its own, because the answer may need another
 * stream's leader than that of a new fact.
 */
export type CallKind = OperationName | "repeat";

/** A time without sustained answers to a kind of call. */
export interface Gap {
  kind: CallKind;
  /** Invocation and end of its first call without an answer. */
  fromNs: number;
  firstEndNs: number;
  /** End of its last call without an answer. */
  lastEndNs: number;
  /**
   * Invocation of the first call that was answered after the gap began. Later calls may have failed again. Answers in
   * the first second do not count: they may have overtaken the first call without an answer.
   */
  firstAnswerNs?: number;
  /** Invocation and end of the call from which on answers were sustained; undefined when the load ended before. */
  toNs?: number;
  answeredNs?: number;
  /** Longest stretch of it in which calls of other kinds were answered that need the same leaders. */
  contradictedNs: number;
  /** Calls without an answer, and those whose request was answered in time by a later call. */
  failed: number;
  retried: number;
  /** Calls that were answered before the gap was certainly over. */
  answered: number;
  /** Index of the first outcome. */
  index: number;
  errors: Set<string>;
}

/** Calls and answers after the end of a gap, in tenths of a second. */
export interface GapEnd {
  gap: Gap;
  calls: number[];
  answers: number[];
}

interface KindCalls {
  kind: CallKind;
  calls: number;
  /** By outcome: "ok", "open", or the name of the error. */
  outcomes: Record<string, number>;
  gaps: Gap[];
}

/** From the steady state to the end of the load. */
export interface ServiceCalls {
  toNs: number;
  byKind: Map<CallKind, KindCalls>;
  /** Slowest answer outside gaps. */
  slowestNs: number;
  /** Of appends. */
  afterGap: Map<Gap, GapEnd>;
}

const callNs = defaultLoad.callTimeoutMs * nsPerMs;
/**
 * A client needs this long for a new connection. Answers are sustained when none of that kind fails for so long; a call
 * that fails sooner belongs to the same gap.
 */
export const reconnectNs = callNs + (defaultLoad.connectTimeoutMs + 50) * nsPerMs;
export const tenthNs = 100 * nsPerMs;

/** `startsNs`: when windows open. After an answer, what fails from there on is another gap. */
export function serviceCalls(view: HistoryView, startsNs: readonly number[]): ServiceCalls {
  const scan = new Scan(view, startsNs);
  for (let place = 0; place < view.operations.length; place += 1) scan.take(place);
  return scan.result();
}

interface OpenKind extends KindCalls {
  /** By number of the outcome. */
  counts: number[];
  open: Gap | undefined;
  /** Invocations of the first and the last call of a run of calls that all failed, or all were answered. */
  run: { isAnswered: boolean; fromNs: number; toNs: number };
}

/**
 * What these kinds need of the store, the kind needs and no more: while they are answered, no election explains that it
 * is not. A confirmation writes a cursor, and a fetch reads it. Of three servers two are left, so a leader that reads
 * can write. Nothing stands for a fetch: without pages no consumer confirms.
 */
const sameLeaders: Partial<Record<CallKind, readonly CallKind[]>> = {
  append: ["repeat", "fetch"],
  repeat: ["append", "fetch"],
  confirm: ["fetch"],
};
/** Calls that are further apart than this do not show that the time between them was served. */
const runPauseNs = 1.5 * nsPerS;

interface Call {
  id: number;
  index: number;
  invokeNs: number;
  endNs: number;
}

class Scan {
  readonly #view: HistoryView;
  readonly #startsNs: readonly number[];
  readonly #fromNs: number;
  readonly #toNs: number;
  readonly #requestNs: number;
  readonly #tenths: number;
  readonly #harnessTimes: { fromNs: number; toNs: number }[];
  readonly #isOutside: boolean[] = [];
  readonly #isSeen: Uint8Array;
  /** By number of the word; repeats come last. */
  readonly #kinds: OpenKind[] = [];
  /** Appends without an answer, by message id: the gap of the last try. */
  readonly #pending = new Map<number, { gap: Gap; invokeNs: number }>();
  readonly #afterGap = new Map<Gap, GapEnd>();
  #slowestNs = 0;
  #end: GapEnd | undefined;

  constructor(view: HistoryView, startsNs: readonly number[]) {
    const { bounds, operations } = view;
    this.#view = view;
    this.#startsNs = startsNs;
    this.#fromNs = markOf(view, "steady")?.event.t ?? Infinity;
    this.#toNs = loadEndNs(view);
    this.#requestNs = bounds.requestMaxMs * nsPerMs;
    this.#tenths = Math.ceil((bounds.fullRateMaxMs * nsPerMs) / tenthNs) + 10;
    this.#harnessTimes = harnessTimes(view);
    this.#isSeen = new Uint8Array(operations.table.ids.count);
  }

  take(place: number): void {
    const { operations } = this.#view;
    const { table } = operations;
    const { calls } = table;
    const row = operations.invoked.at(place);
    const process = calls.process[row]!;
    if (!(this.#isOutside[process] ??= isOutside(operations.wordOf(process)))) return;
    const id = calls.id[row]!;
    const isOlder = calls.whole[row] !== none && table.wholeCall(row)?.firstOffset !== undefined;
    const isRepeat = isOlder || (id !== none && this.#isSeen[id] === 1);
    if (id !== none) this.#isSeen[id] = 1;
    const invokeNs = table.tAt(operations.invokeIndex.at(place));
    if (invokeNs < this.#fromNs || invokeNs >= this.#toNs) return;
    const endRow = operations.ended.at(place);
    const index = operations.index.at(place);
    const call = { id, index, invokeNs, endNs: endRow === none ? Infinity : table.tAt(index) };
    const f = calls.f[row]!;
    const isAppend = f === appendWord;
    const of = this.#kindOf(f, isAppend && isRepeat);
    const isOk = endRow !== none && callTypes[calls.type[endRow]!] === "ok";
    const error = isOk ? okNumber : endRow === none ? openNumber : calls.error[endRow]! + firstError;
    const isAnswered = isOk || (error >= firstError && isDefinite(of.kind, operations.wordOf(error - firstError)));
    if (!isAnswered && this.#harnessTimes.some((one) => invokeNs >= one.fromNs && invokeNs <= one.toNs)) return;
    of.calls += 1;
    of.counts[error] = (of.counts[error] ?? 0) + 1;
    if (isAppend && this.#end) this.#count(this.#end, invokeNs, isAnswered);
    const gap = of.open;
    if (gap?.toNs !== undefined && this.#isOver(gap.toNs, call, isAnswered)) of.open = undefined;
    if (isAnswered) this.#answered(of, call);
    else this.#failed(of, call, error === openNumber ? "open" : operations.wordOf(error - firstError));
    this.#follow(of, { isAnswered, invokeNs });
  }

  #follow(of: OpenKind, { isAnswered, invokeNs }: { isAnswered: boolean; invokeNs: number }): void {
    const { run } = of;
    if (run.isAnswered === isAnswered && invokeNs - run.toNs <= runPauseNs) run.toNs = invokeNs;
    else of.run = { isAnswered, fromNs: invokeNs, toNs: invokeNs };
    for (const one of this.#kinds) {
      const kinds = one?.open && !one.run.isAnswered ? sameLeaders[one.kind] : undefined;
      if (!kinds) continue;
      const runs = kinds.map((kind) => this.#kinds.find((other) => other?.kind === kind)?.run);
      if (!runs.every((other) => other?.isAnswered)) continue;
      const all = [one!.run, ...runs.map((other) => other!)];
      const forNs = Math.min(...all.map(({ toNs }) => toNs)) - Math.max(...all.map(({ fromNs }) => fromNs));
      one!.open!.contradictedNs = Math.max(one!.open!.contradictedNs, forNs);
    }
  }

  result(): ServiceCalls {
    const byKind = new Map<CallKind, KindCalls>();
    for (const of of this.#kinds.filter(Boolean)) {
      for (const [error, count] of of.counts.entries()) if (count) of.outcomes[this.#nameOf(error)] = count;
      byKind.set(of.kind, of);
    }
    return { toNs: this.#toNs, byKind, slowestNs: this.#slowestNs, afterGap: this.#afterGap };
  }

  #kindOf(word: number, isRepeat: boolean): OpenKind {
    const place = isRepeat ? repeatPlace : word;
    return (this.#kinds[place] ??= {
      kind: isRepeat ? "repeat" : (this.#view.operations.wordOf(word) as OperationName),
      calls: 0,
      outcomes: {},
      counts: [],
      gaps: [],
      open: undefined,
      run: { isAnswered: true, fromNs: Infinity, toNs: -Infinity },
    });
  }

  #nameOf(error: number): string {
    if (error === okNumber) return "ok";
    return error === openNumber ? "open" : this.#view.operations.wordOf(error - firstError);
  }

  #count({ gap, calls, answers }: GapEnd, invokeNs: number, isAnswered: boolean): void {
    const tenth = Math.max(0, Math.floor((invokeNs - (gap.toNs ?? Infinity)) / tenthNs));
    if (gap.toNs === undefined || tenth >= this.#tenths) return;
    calls[tenth] = (calls[tenth] ?? 0) + 1;
    if (isAnswered) answers[tenth] = (answers[tenth] ?? 0) + 1;
  }

  /** Answers were sustained since `toNs`, or another window opened before this call failed. */
  #isOver(toNs: number, call: Call, isAnswered: boolean): boolean {
    if (call.invokeNs - toNs > reconnectNs) return true;
    return !isAnswered && this.#startsNs.some((startNs) => startNs > toNs && startNs <= call.endNs);
  }

  #answered(of: OpenKind, { id, invokeNs, endNs }: Call): void {
    const before = id === none || this.#pending.size === 0 ? undefined : this.#pending.get(id);
    if (before) {
      if (endNs - before.invokeNs <= this.#requestNs) before.gap.retried += 1;
      this.#pending.delete(id);
    }
    const gap = of.open;
    if (!gap) {
      this.#slowestNs = Math.max(this.#slowestNs, endNs - invokeNs);
      return;
    }
    gap.answered += 1;
    if (invokeNs > gap.fromNs + callNs) gap.firstAnswerNs ??= invokeNs;
    if (gap.toNs !== undefined) return;
    gap.toNs = invokeNs;
    gap.answeredNs = endNs;
    if (of.kind === "append") this.#afterGap.set(gap, (this.#end = { gap, calls: [1], answers: [1] }));
  }

  #failed(of: OpenKind, { id, index, invokeNs, endNs }: Call, error: string): void {
    let gap = of.open;
    if (!gap) {
      const zero = { contradictedNs: 0, failed: 0, retried: 0, answered: 0, errors: new Set<string>() };
      gap = { kind: of.kind, fromNs: invokeNs, firstEndNs: endNs, lastEndNs: endNs, index, ...zero };
      of.open = gap;
      of.gaps.push(gap);
    }
    delete gap.toNs;
    delete gap.answeredNs;
    gap.lastEndNs = Math.max(gap.lastEndNs, endNs);
    gap.failed += 1;
    gap.errors.add(error);
    if (id !== none) this.#pending.set(id, { gap, invokeNs });
  }
}

/** Outcomes as numbers: an error is the number of its word, after these two. */
const [okNumber, openNumber, firstError] = [0, 1, 2];
/** After the words of the calls. */
const repeatPlace = 6;

/** A refusal that is the right answer: an artifact that is not there, or a message id that another payload has. */
function isDefinite(kind: CallKind, error: string): boolean {
  if (kind === "get") return error === "rpc-not-found";
  return kind === "repeat" && error === "rpc-already-exists";
}

/** Times in which a call may fail because the harness stops the load, or makes its connections again. */
function harnessTimes(view: HistoryView): { fromNs: number; toNs: number }[] {
  const ends = marksOf(view, "load-resumed").map(({ event }) => event.t + reconnectNs);
  const pauses = marksOf(view, "load-paused").map(({ event }, place) => ({
    fromNs: event.t,
    toNs: ends[place] ?? Infinity,
  }));
  const paces = marksOf(view, "paced").map(({ event }) => ({ fromNs: event.t, toNs: event.t + reconnectNs }));
  return [...pauses, ...paces];
}
