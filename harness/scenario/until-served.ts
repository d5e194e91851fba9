// Waits until the calls of a load are answered again. A repair may cause an election. A load that ends in it shows
// nothing about the service afterwards, and a failover that is provoked in it does not begin at a node that serves.

import { nowNs } from "#base/clock.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import type { HistoryEvent, OperationEvent } from "#history/event.ts";
import { defaultLoad } from "#spec/scenario.ts";
import { markOutcome } from "./mark-outcome.ts";
import type { LiveHistory } from "./live-history.ts";

/** A call that times out, and a new connection. A gap of service is over when no call failed for so long. */
const sustainedMs = defaultLoad.callTimeoutMs + defaultLoad.connectTimeoutMs + 50;
const lookMs = 50;

/** Follows the calls of a load from outside the nodes, as long as its history is written. */
export class ServiceWatch {
  readonly #signal: AbortSignal;
  readonly #deadlineMs: number;
  #failed: { atNs: number; what: string } | undefined;

  constructor({ history, signal }: { history: LiveHistory; signal: AbortSignal }, deadlineMs: number) {
    this.#signal = signal;
    this.#deadlineMs = deadlineMs;
    history.follow((event) => {
      if (isFailure(event)) this.#failed = { atNs: event.t, what: `${event.f}: ${event.error ?? event.type}` };
    });
  }

  /** Until no call failed for as long as a gap of service needs to be over, or until the deadline. */
  async untilServed(): Promise<void> {
    const options = {
      what: "sustained answers",
      deadlineMs: this.#deadlineMs,
      intervalMs: lookMs,
      signal: this.#signal,
    };
    // The checkers see from the calls whether they were answered.
    await markOutcome(
      () => pollUntil(() => this.#look(), options),
      () => {},
    );
  }

  #look(): Look<true> {
    if (!this.#failed || nowNs() - this.#failed.atNs > sustainedMs * 1e6) return { done: true };
    return { saw: this.#failed.what };
  }
}

/** Appends and fetches only: the load makes them all the time. Another payload under a known id is rightly refused. */
function isFailure(event: HistoryEvent): event is OperationEvent {
  if (event.type !== "fail" && event.type !== "info") return false;
  const isSteady = event.f === "append" || event.f === "fetch";
  return isSteady && event.process.startsWith("client") && event.error !== "rpc-already-exists";
}
