// The pen of a history: the header first, then events as they come, each handed to a sink as one line at once,
// so that what happened is on disk before anyone judges it. Not a file: the sink is.

import { HarnessError } from "#base/errors.ts";
import { encodeLine } from "./codec.ts";
import type { HistoryEvent, HistoryHeader, OperationEvent } from "./event.ts";

export class HistoryRecorder {
  readonly #write: (line: string) => void;
  readonly #openByProcess = new Map<string, number>();
  #isBegun = false;
  #events = 0;
  #troubles = 0;

  /** @param write takes one line, newline included, and must keep the order. */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** Events written so far, raised troubles included. */
  get events(): number {
    return this.#events;
  }

  /** Trouble events written so far; more than none and every verdict of the scenario is unknown. */
  get troubles(): number {
    return this.#troubles;
  }

  /** Writes the header. @throws HarnessError `run/internal` the second time. */
  begin(header: HistoryHeader): void {
    if (this.#isBegun) throw new HarnessError("run/internal", "a history has one header: it was given a second one");
    this.#isBegun = true;
    this.#write(encodeLine(header));
  }

  /**
   * Writes an event, and a trouble event after it when it breaks the rule of one open operation a process.
   *
   * @throws HarnessError `run/internal` before the header.
   */
  record(event: HistoryEvent): void {
    if (!this.#isBegun)
      throw new HarnessError("run/internal", `a ${event.type} event came before the header of the history`);
    this.#append(event);
    const message = isOperation(event) ? this.#follow(event) : undefined;
    if (message) this.#append({ t: event.t, type: "trouble", code: "history/open-operation", message });
  }

  #append(event: HistoryEvent): void {
    this.#events += 1;
    if (event.type === "trouble") this.#troubles += 1;
    this.#write(encodeLine(event));
  }

  /** Keeps the open operation of each process; gives words when the event does not fit. */
  #follow(event: OperationEvent): string | undefined {
    const open = this.#openByProcess.get(event.process);
    if (event.type === "invoke") {
      this.#openByProcess.set(event.process, event.op);
      return open === undefined
        ? undefined
        : `process ${event.process} invoked operation ${event.op} while ${open} was open`;
    }
    if (open === event.op) this.#openByProcess.delete(event.process);
    return open === event.op
      ? undefined
      : `process ${event.process} completed operation ${event.op}, which was not its open one`;
  }
}

function isOperation(event: HistoryEvent): event is OperationEvent {
  return event.type === "invoke" || event.type === "ok" || event.type === "fail" || event.type === "info";
}
