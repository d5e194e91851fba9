// Waits at the end of a load until its calls are answered again. The last repair may cause an election, and a load that
// ends in it shows nothing about the service afterwards.

import { nowNs } from "#base/clock.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import type { HistoryEvent, OperationEvent } from "#history/event.ts";
import { defaultLoad } from "#spec/scenario.ts";
import { markOutcome } from "./mark-outcome.ts";
import type { StepContext } from "./step-context.ts";

/** A call that times out, and a new connection. A gap of service is over when no call failed for so long. */
const sustainedMs = defaultLoad.callTimeoutMs + defaultLoad.connectTimeoutMs + 50;
const lookMs = 50;

/** Follows the calls of a load from outside the nodes. */
export class ServiceWatch implements Disposable {
  readonly #context: StepContext;
  readonly #following: Disposable;
  #failed: { atNs: number; what: string } | undefined;

  constructor(context: StepContext) {
    this.#context = context;
    this.#following = context.history.follow((event) => {
      if (isFailure(event)) this.#failed = { atNs: event.t, what: `${event.f}: ${event.error ?? event.type}` };
    });
  }

  /**
   * Until no call failed for as long as a gap of service needs to be over; `deadlineMs` at most. Returns at once while
   * a fault stands, because calls may rightly fail then.
   */
  async untilServed(deadlineMs: number): Promise<void> {
    const { injector, signal } = this.#context;
    if (injector.standingNodes.length > 0) return;
    const options = { what: "sustained answers", deadlineMs, intervalMs: lookMs, signal };
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

  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]();
  }
}

/** Appends and fetches only: the load makes them all the time. Another payload under a known id is rightly refused. */
function isFailure(event: HistoryEvent): event is OperationEvent {
  if (event.type !== "fail" && event.type !== "info") return false;
  const isSteady = event.f === "append" || event.f === "fetch";
  return isSteady && event.process.startsWith("client") && event.error !== "rpc-already-exists";
}
