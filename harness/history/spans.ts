// Spans in which something was true of a node, from what the observer saw. An observation says that the state changed
// somewhere in (sinceNs, t], so each span has certain ends and possible ends.

import type { NodeName } from "#spec/node.ts";
import type { ObservedEvent } from "./event.ts";
import { isWildcard, unmapped } from "./local-address.ts";

export interface Observation {
  event: ObservedEvent;
  /** Index in the history. */
  index: number;
}

export interface Span {
  node: NodeName;
  /** Certain: true at every look in [fromNs, toNs]. Both are equal when it was only possible, between two looks. */
  fromNs: number;
  toNs: number;
  /** Possible: it may have been true anywhere in (earliestNs, latestNs). */
  earliestNs: number;
  latestNs: number;
  /** Still true at the end of the history. */
  isOpen: boolean;
  /** Never seen true, but two looks differ so that it may have been true between them. */
  isOnlyPossible: boolean;
  /** History indices of the first and the last observation. */
  events: [number, number];
}

export interface Endpoint {
  vip: string;
  rpcPort: number;
}

/** A question about an observed state. `mayHold`: could it be true between these two looks? */
export interface Question {
  holds(state: ObservedEvent): boolean;
  mayHold?(before: ObservedEvent, after: ObservedEvent): boolean;
}

/**
 * Spans in which `question` holds, in order.
 *
 * @param observations of one node, in order.
 * @param endNs end of the history. A span that is still open ends there.
 */
export function spansOf(observations: readonly Observation[], question: Question, endNs: number): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  let before: ObservedEvent | undefined;
  for (const { event, index } of observations) {
    const holds = question.holds(event);
    if (holds && !open) {
      open = span({ event, index }, before);
      spans.push(open);
    } else if (holds && open) {
      // Something else changed.
      open.toNs = event.t;
    } else if (!holds && open) {
      open.toNs = Math.max(lastLookNs(event, before), open.fromNs);
      open.latestNs = event.t;
      open.isOpen = false;
      open.events[1] = index;
      open = undefined;
    } else if (!holds && before && question.mayHold?.(before, event)) {
      spans.push({
        ...span({ event, index }, before),
        isOpen: false,
        isOnlyPossible: true,
        latestNs: event.t,
        toNs: event.t,
      });
    }
    before = event;
  }
  if (open) open.toNs = open.latestNs = Math.max(endNs, open.fromNs);
  return spans;
}

function span({ event, index }: Observation, before: ObservedEvent | undefined): Span {
  const sinceNs = before || event.sinceNs > 0 ? lastLookNs(event, before) : event.t;
  return {
    node: event.node,
    fromNs: event.t,
    toNs: event.t,
    earliestNs: Math.min(sinceNs, event.t),
    latestNs: Infinity,
    isOpen: true,
    isOnlyPossible: false,
    events: [index, index],
  };
}

/**
 * The last look before this change. The process and its addresses are read at each look, and so for the event before.
 * The freezer and the sockets are read less often: the event before repeats what an older look found.
 */
function lastLookNs(event: ObservedEvent, before: ObservedEvent | undefined): number {
  // `sinceNs` is 0 at the first look: nothing before the observer is known. `startedNs` says that the node ran before
  // the first look at it, unseen.
  const sinceNs = event.startedNs === undefined ? event.sinceNs : Math.min(event.sinceNs, event.startedNs);
  if (!before) return sinceNs;
  const isReadEachLook = before.isAlive !== event.isAlive || before.ownsVip !== event.ownsVip;
  return isReadEachLook ? Math.max(sinceNs, before.t) : sinceNs;
}

/** Listening where a call to the VIP arrives: on the VIP itself or on a wildcard address. */
export function listensOnVip(state: ObservedEvent, endpoint: Endpoint): boolean {
  const { vip, rpcPort } = endpoint;
  return state.listens.some((at) => unmapped(at) === `${vip}:${rpcPort}` || isWildcard(at, rpcPort));
}

/** Active: owns the VIP, listens on it and is able to act. A frozen node still owns and its kernel still answers. */
export function activity(endpoint: Endpoint): Question {
  return {
    holds: (state) => state.isAlive && !state.isFrozen && state.ownsVip && listensOnVip(state, endpoint),
    // Between two looks the signals changed in an unknown order: a paused owner that resumes and gives the VIP up may
    // have acted in between.
    mayHold: (before, after) =>
      before.isAlive &&
      after.isAlive &&
      !(before.isFrozen && after.isFrozen) &&
      (before.ownsVip || after.ownsVip) &&
      (listensOnVip(before, endpoint) || listensOnVip(after, endpoint)),
  };
}

/** Has the VIP among its addresses, frozen or not. */
export const ownership: Question = { holds: (state) => state.isAlive && state.ownsVip };

/** Has a listener on the RPC port, on any address. */
export const listening: Question = { holds: (state) => state.isAlive && state.listens.length > 0 };

export const frozen: Question = { holds: (state) => state.isAlive && state.isFrozen };

/** No PID 1. The time before the first look is not part of it. */
export const down: Question = { holds: (state) => !state.isAlive };

/** Length of the certain overlap of two spans, and of the possible one, in nanoseconds. */
export function overlapOf(a: Span, b: Span): { certainNs: number; possibleNs: number } {
  return {
    certainNs: Math.max(0, Math.min(a.toNs, b.toNs) - Math.max(a.fromNs, b.fromNs)),
    possibleNs: Math.max(0, Math.min(a.latestNs, b.latestNs) - Math.max(a.earliestNs, b.earliestNs)),
  };
}
