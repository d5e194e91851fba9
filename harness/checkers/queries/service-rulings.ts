// Decides which gaps of service a window excuses. service.ts makes assertions of it.

import type { HistoryView } from "#history/view.ts";
import { nsPerMs } from "../checker.ts";
import { type CallKind, type Gap, reconnectNs, type ServiceCalls, serviceCalls } from "./service-gaps.ts";
import { type Rate, ratesOf } from "./service-rate.ts";
import { serviceWindows, type ServiceWindow } from "./service-windows.ts";

export interface JudgedGap {
  gap: Gap;
  /** The end of the gap, or of its last call when no later one was answered. */
  endNs: number;
  /** "retried": each request in it was answered in time by a later call. */
  ruling: "excused" | "retried" | "too-short" | "unexcused";
  window?: ServiceWindow;
  /** Windows in which the gap began. It may end after them. */
  began: ServiceWindow[];
}

interface Service {
  calls: ServiceCalls;
  gaps: JudgedGap[];
  rates: Rate[];
}

const services = new WeakMap<HistoryView, Service>();

/** The calls, gaps and rates of a history. Computed once for each view. */
export function serviceOf(view: HistoryView): Service {
  const known = services.get(view);
  if (known) return known;
  const windows = serviceWindows(view);
  const calls = serviceCalls(
    view,
    windows.map((window) => window.fromNs),
  );
  const untilOfAppends = (window: ServiceWindow, { firstAnswerNs }: Gap) => untilNs(view, window, firstAnswerNs);
  const appendGaps = judgedGaps(view, { calls, kind: "append", untilOf: untilOfAppends }, windows);
  const untilOf = (window: ServiceWindow) =>
    untilNs(view, window, appendGaps.find((one) => one.window === window)?.gap.firstAnswerNs);
  const others = [...calls.byKind.keys()].filter((kind) => kind !== "append");
  const gaps = [...appendGaps, ...others.flatMap((kind) => judgedGaps(view, { calls, kind, untilOf }, windows))];
  const service = { calls, gaps, rates: ratesOf(view, { calls, windows }, appendGaps) };
  services.set(view, service);
  return service;
}

/**
 * A takeover ends with the first answered append. Every kind of call must then be answered within `requestMaxMs`, or by
 * the end of the election that the same fault may cause, if that is later.
 */
function untilNs({ bounds }: HistoryView, window: ServiceWindow, answerNs: number | undefined): number {
  if (window.why !== "takeover" || answerNs === undefined) return window.untilNs;
  const servedNs = answerNs + bounds.requestMaxMs * nsPerMs;
  return Math.min(window.untilNs, Math.max(servedNs, window.fromNs + bounds.outageMaxMs * nsPerMs));
}

interface KindRule {
  calls: ServiceCalls;
  kind: CallKind;
  untilOf: (window: ServiceWindow, gap: Gap) => number;
}

/**
 * A takeover excuses one gap of a kind. The window of an election or a return excuses one gap for each leader that may
 * be elected in it. Of several windows a gap takes the one that ends first.
 */
function judgedGaps(view: HistoryView, rule: KindRule, windows: readonly ServiceWindow[]): JudgedGap[] {
  const { calls, kind } = rule;
  const free = new Set(windows);
  return (calls.byKind.get(kind)?.gaps ?? []).map((gap): JudgedGap => {
    const endNs = endOfGap(gap, calls);
    const untilOf = (window: ServiceWindow) => rule.untilOf(window, gap);
    const isInElection = !isContradicted(view, gap);
    const began = windows.filter(
      (one) => (isInElection || one.why === "takeover") && one.fromNs <= gap.firstEndNs && gap.fromNs <= untilOf(one),
    );
    const base = { gap, endNs, began };
    if (isRetried(view, gap)) return { ...base, ruling: "retried" };
    const unused = began.filter((one) => free.has(one) && !isRagged(view, one, { gap, endNs }));
    const fitting = unused.filter((one) => endNs <= untilOf(one)).sort((a, b) => untilOf(a) - untilOf(b));
    // A fault that takes the service explains the first gap by the takeover. Its election may explain a second one.
    const window = takeoverFirst(fitting);
    const taken = window ? [window] : chained(unused, { windows, endNs, untilOf });
    for (const one of taken) if (one.why === "takeover" || !needsSeveralLeaders[kind]) free.delete(one);
    const last = taken.at(-1);
    if (last) return { ...base, ruling: "excused", window: last };
    // The load ended, or its client stopped asking, before the request was late.
    const isShort =
      !isAppend(kind) && gap.toNs === undefined && endNs - gap.fromNs <= view.bounds.requestMaxMs * nsPerMs;
    return { ...base, ruling: isShort ? "too-short" : "unexcused" };
  });
}

/**
 * A client that makes no call waits for nothing. It confirms only what it fetched, so after a confirmation that failed
 * the next one may come much later.
 */
function endOfGap({ toNs, lastEndNs }: Gap, calls: ServiceCalls): number {
  return toNs === undefined ? Math.min(lastEndNs, calls.toNs) : Math.min(toNs, lastEndNs + reconnectNs);
}

function takeoverFirst([first, ...others]: readonly ServiceWindow[]): ServiceWindow | undefined {
  return others.find(({ life, why }) => life === first?.life && why === "takeover") ?? first;
}

/**
 * Each Raft group elects its leader apart, so elections may follow one another. A new fact needs the leader of the
 * facts alone. A read of the store needs the leader of the metadata too: without one, nats-server refuses it (10008). A
 * repeat reads a fact, a confirmation its cursor, and a fetch both.
 */
const needsSeveralLeaders: Readonly<Record<CallKind, boolean>> = {
  append: false,
  repeat: true,
  fetch: true,
  confirm: true,
  put: false,
  get: false,
  health: false,
};

function isAppend(kind: CallKind): boolean {
  return kind === "append" || kind === "repeat";
}

/**
 * Calls of other kinds were answered that need the same leaders: so no election explains the gap. In 1,000 gaps of
 * right zones that lasted at most 1.2 s. A takeover may explain it: the leaders on a node that lost the quorum still
 * read, and know a repeat, until the node gives up its role.
 */
function isContradicted({ bounds }: HistoryView, { contradictedNs }: Gap): boolean {
  return contradictedNs > bounds.requestMaxMs * nsPerMs;
}

/**
 * Each request in the gap was answered in time by a later call. An append is known by its message id. Of any other kind
 * the next call counts.
 */
function isRetried({ bounds }: HistoryView, gap: Gap): boolean {
  if (isAppend(gap.kind)) return gap.retried === gap.failed;
  // A client may ask for the second time only much later.
  const isInTime = (ns: number) => gap.failed === 1 || ns - gap.fromNs <= bounds.requestMaxMs * nsPerMs;
  return gap.answeredNs !== undefined && isInTime(gap.answeredNs);
}

/** The longest time seen of appends on right zones was 4 s; a call and its retry may add 1.5 s. */
const votingMaxMs = 6_000;

/**
 * Some calls are answered, but answers are not sustained soon after the first one. After a takeover "soon" is
 * `requestMaxMs`, because one node serves for good. In any other window it is longer, because a vote may be held again.
 * A call that needs several leaders may be answered now and then until the last of them is elected.
 */
function isRagged(
  { bounds }: HistoryView,
  window: ServiceWindow,
  { gap, endNs }: Pick<JudgedGap, "gap" | "endNs">,
): boolean {
  if (gap.kind === "repeat" || gap.firstAnswerNs === undefined) return false;
  if (window.why !== "takeover" && needsSeveralLeaders[gap.kind]) return false;
  const soonMs = window.why === "takeover" ? bounds.requestMaxMs : votingMaxMs;
  return endNs - gap.firstAnswerNs > soonMs * nsPerMs;
}

/**
 * Another fault may take the service before the first gap is over. Then the gap ends in the window of that fault. The
 * return of a node does not prolong a gap: it is repaired after the zone had its time.
 */
function chained(
  unused: readonly ServiceWindow[],
  gap: { windows: readonly ServiceWindow[]; endNs: number; untilOf: (window: ServiceWindow) => number },
): ServiceWindow[] {
  const [first] = unused.toSorted((a, b) => gap.untilOf(b) - gap.untilOf(a));
  if (!first) return [];
  const chain = [first];
  let untilNs = gap.untilOf(first);
  for (const one of gap.windows) {
    if (one.why !== "takeover" || one.fromNs <= first.fromNs || one.fromNs > untilNs) continue;
    chain.push(one);
    untilNs = Math.max(untilNs, gap.untilOf(one));
  }
  return untilNs >= gap.endNs ? chain : [];
}
