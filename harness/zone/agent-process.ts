// One role of the agent as a live process, over a pair of streams: requests go down, replies and events come up. It
// knows no Docker; open-agent.ts starts the process.

import type { Readable, Writable } from "node:stream";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import type { HistoryEvent } from "#history/event.ts";
import { encodeLine, LineDecoder } from "#protocol/codec.ts";
import type { AgentRole, CommandOf, ReplyOf, RequestOf } from "#protocol/commands.ts";
import type { Reply, Up } from "#protocol/message.ts";

const readyDeadlineMs = 20_000;
const askDeadlineMs = 30_000;
const closeDeadlineMs = 2_000;

export interface AgentListener {
  onEvent: (event: HistoryEvent) => void;
  /** Lines of stderr, and lines that are no message. */
  onNoise: (line: string) => void;
  /** The process ended although the harness did not close it. */
  onLost: (error: HarnessError) => void;
}

export interface AgentStreams {
  input: Writable;
  output: Readable;
  /** Resolves when the process has ended. */
  ended: Promise<void>;
}

interface OpenRequest {
  resolve: (value: unknown) => void;
  reject: (error: HarnessError) => void;
}

/** `Role` decides which commands may be asked. */
export class AgentProcess<Role extends AgentRole> implements AsyncDisposable {
  readonly role: Role;
  readonly #streams: AgentStreams;
  readonly #listener: AgentListener;
  readonly #open = new Map<number, OpenRequest>();
  readonly #isReady = Promise.withResolvers<void>();
  #nextId = 1;
  #hasEnded = false;
  #isClosing = false;

  private constructor(role: Role, streams: AgentStreams, listener: AgentListener) {
    this.role = role;
    this.#streams = streams;
    this.#listener = listener;
    void streams.ended.then(() => this.#onEnd());
    const decoder = new LineDecoder<Up>(listener.onNoise);
    streams.output.setEncoding("utf8").on("data", (chunk: string) => {
      for (const message of decoder.push(chunk))
        if ("ready" in message) this.#isReady.resolve();
        else this.#take(message);
    });
  }

  /** Waits until the process says that it is ready. @throws HarnessError `agent/lost` */
  static async over<Role extends AgentRole>(
    role: Role,
    streams: AgentStreams,
    listener: AgentListener,
  ): Promise<AgentProcess<Role>> {
    const agent = new AgentProcess(role, streams, listener);
    await withDeadline(agent.#isReady.promise, {
      what: `the agent's ${role} role`,
      deadlineMs: readyDeadlineMs,
      code: "agent/lost",
    });
    return agent;
  }

  /**
   * Sends a request and waits for its reply, whose type follows from `do`.
   *
   * @throws HarnessError `agent/refused`, `agent/lost`, `wait/timeout`
   */
  async ask<Name extends CommandOf<Role>>(
    request: RequestOf<Name>,
    deadlineMs = askDeadlineMs,
  ): Promise<ReplyOf<Name>> {
    if (this.#hasEnded) throw this.#lost();
    const id = this.#nextId++;
    const reply = new Promise<unknown>((resolve, reject) => this.#open.set(id, { resolve, reject }));
    this.#streams.input.write(encodeLine({ id, ...request }));
    try {
      const what = `the agent to answer "${request.do}"`;
      return (await withDeadline(reply, { what, deadlineMs })) as ReplyOf<Name>;
    } finally {
      this.#open.delete(id);
    }
  }

  #take(message: Reply | { event: HistoryEvent }): void {
    if ("event" in message) return this.#listener.onEvent(message.event);
    const request = this.#open.get(message.reply);
    // Its deadline has passed.
    if (!request) return;
    if ("error" in message) request.reject(new HarnessError("agent/refused", `${this.role}: ${message.error}`));
    else request.resolve(message.value);
  }

  #onEnd(): void {
    this.#hasEnded = true;
    const lost = this.#lost();
    for (const request of this.#open.values()) request.reject(lost);
    this.#isReady.reject(lost);
    if (!this.#isClosing) this.#listener.onLost(lost);
  }

  /** It is unknown whether an open request was carried out, so `isDefinite` is false. */
  #lost(): HarnessError {
    return new HarnessError("agent/lost", `the agent's ${this.role} stream ended`, { isDefinite: false });
  }

  /** Ends the process by closing its stdin. Bounded. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#streams.input.end();
    await withDeadline(this.#streams.ended, { what: "the agent to end", deadlineMs: closeDeadlineMs }).catch(() =>
      this.#streams.input.destroy(),
    );
  }
}
