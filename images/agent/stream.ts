// The agent's one stream to the harness: requests in, replies and events out, one JSON object a line.
// It knows no role; a role is a table of handlers.

import { writeSync, write } from "node:fs";
import { messageOf } from "#base/errors.ts";
import { LineDecoder } from "#protocol/codec.ts";
import type { AgentRole, CommandOf, Handlers, ReplyOf } from "#protocol/commands.ts";
import type { Down, Up } from "#protocol/message.ts";
import type { HistoryEvent } from "#history/event.ts";

/** Set by the bundler. */
declare const TRIAD_VERSION: string;

/** Longest that lines are gathered before they are written: bounds CPU at high rates; stamps are taken before. */
const gatherMs = 10;

/**
 * Writes lines to stdout without ever holding up the event loop: process.stdout is synchronous on pipes, and a
 * reader that stops would stop the looking as well.
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

  /** Writes what is left, synchronously; for the way out only. */
  end(): void {
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join("\n")}\n`;
    this.#lines = [];
    try {
      writeSync(1, text);
    } catch {
      // The harness is gone; nobody is left to tell.
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

/**
 * Serves requests from stdin until it ends; then exits and undoes nothing. A handler's result is the reply's value, and
 * what it throws is the reply's error.
 */
export function serve<Role extends AgentRole>(role: Role, outlet: Outlet, handlers: Handlers<Role>): void {
  const decoder = new LineDecoder<Down<CommandOf<Role>>>((line) =>
    process.stderr.write(`not a request: ${line.slice(0, 200)}\n`),
  );
  const answer = async <Name extends CommandOf<Role>>(request: Down<Name>): Promise<void> => {
    try {
      if (!Object.hasOwn(handlers, request.do)) throw new Error(`${role} does not serve ${request.do}`);
      const value: ReplyOf<Name> = await handlers[request.do](request);
      outlet.send({ reply: request.id, value: value ?? null });
    } catch (error) {
      outlet.send({ reply: request.id, error: messageOf(error) });
    }
  };
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (chunk: string) => {
    for (const request of decoder.push(chunk)) void answer(request);
  });
  process.stdin.on("end", () => {
    outlet.end();
    process.exit(0);
  });
  outlet.send({ ready: role, version: TRIAD_VERSION });
}
