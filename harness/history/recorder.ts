// Writes a history to a sink: the header first, then each event as one line at once. The sink decides where the lines
// go.

import { HarnessError } from "#base/errors.ts";
import { encodeLine } from "./codec.ts";
import type { HistoryEvent, HistoryHeader, OperationEvent } from "./event.ts";

export class HistoryRecorder {
  readonly #write: (line: string) => void;
  readonly #openByProcess = new Map<string, number>();
  #isBegun = false;
  #events = 0;
  #troubles = 0;

  /** @param write takes one line with its newline, and keeps the order. */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** Events written so far, including trouble events. */
  get events(): number {
    return this.#events;
  }

  /** Trouble events written so far. One is enough to make every verdict of the scenario unknown. */
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
   * Writes an event. When it gives a process two open operations, a trouble event follows.
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

  /** Tracks the open operation of each process. @returns a sentence when the event does not fit. */
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
