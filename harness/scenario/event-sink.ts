// Routes what a zone's agent sends to the history of the present scenario. A zone outlives its scenarios: events before
// its first one wait for it, events between two belong to neither.

import type { HarnessError } from "#base/errors.ts";
import type { HistoryEvent } from "#history/event.ts";
import type { LiveHistory } from "./live-history.ts";

export class EventSink {
  #history: LiveHistory | undefined;
  #early: HistoryEvent[] = [];
  #lines: string[] = [];

  readonly onEvent = (event: HistoryEvent): void => {
    if (this.#history) this.#history.record(event);
    else this.#early.push(event);
  };

  readonly onNoise = (from: string, line: string): void => {
    this.#lines.push(`${from}: ${line}`);
  };

  /** A lost agent is trouble of the scenario: it ends by its own deadlines, and its verdicts become unknown. */
  readonly onLost = (error: HarnessError): void => this.#history?.trouble(error);

  /**
   * Begins a scenario. A zone that is used again reports its whole state when it is watched, so events from before are
   * dropped.
   */
  attach(history: LiveHistory, { isUsedAgain }: { isUsedAgain: boolean }): void {
    this.#history = history;
    history.mark("zone-created", isUsedAgain ? { isUsedAgain } : {});
    const early = this.#early.splice(0);
    if (!isUsedAgain) for (const event of early) history.record(event);
  }

  detach(): void {
    this.#history = undefined;
  }

  /** Lines of the agent that are no event, since the last call. */
  takeLines(): string[] {
    return this.#lines.splice(0);
  }
}
