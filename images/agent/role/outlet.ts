// The way up to the harness: replies and events, one JSON object a line on stdout.

import { write, writeSync } from "node:fs";
import type { HistoryEvent } from "#history/event.ts";
import type { Up } from "#protocol/message.ts";

export type Emit = (event: HistoryEvent) => void;

/**
 * Lines are gathered for at most this long before they are written. Bounds CPU at high rates; stamps are taken before.
 */
const gatherMs = 10;

/**
 * Writes lines without ever blocking the event loop. process.stdout is synchronous on pipes, so a reader that stops
 * would stop the observer as well.
 */
export class Outlet {
  #lines: string[] = [];
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;

  send(message: Up): void {
    this.#lines.push(JSON.stringify(message));
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#flush(), gatherMs);
  }

  event(event: HistoryEvent): void {
    this.send({ event });
  }

  /** Writes what is left, synchronously. Only for the end of the process. */
  end(): void {
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join("\n")}\n`;
    this.#lines = [];
    try {
      writeSync(1, text);
    } catch {
      // The harness has gone.
    }
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#isWriting || this.#lines.length === 0) return;
    const bytes = Buffer.from(`${this.#lines.join("\n")}\n`);
    this.#lines = [];
    this.#isWriting = true;
    this.#writeFrom(bytes, 0);
  }

  #writeFrom(bytes: Buffer, start: number): void {
    write(1, bytes, start, bytes.length - start, null, (error, written) => {
      if (error && error.code !== "EAGAIN") return process.exit(0);
      const next = start + (error ? 0 : written);
      if (error) return void setTimeout(() => this.#writeFrom(bytes, next), gatherMs);
      if (next < bytes.length) return this.#writeFrom(bytes, next);
      this.#isWriting = false;
      this.#flush();
    });
  }
}
