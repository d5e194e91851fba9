// One role of the agent as a live process: requests go down its stdin, replies and events come up its stdout.

import { PassThrough, type Duplex } from "node:stream";
import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import type { HistoryEvent } from "#history/event.ts";
import { encodeLine, LineDecoder } from "#protocol/codec.ts";
import type { AgentRole, CommandOf, ReplyOf, RequestOf } from "#protocol/commands.ts";
import type { Reply, Up } from "#protocol/message.ts";

const readyDeadlineMs = 20_000;

export interface AgentListener {
  onEvent: (event: HistoryEvent) => void;
  /** Lines of stderr and lines that are no message. */
  onNoise: (line: string) => void;
  /** The stream ended although `close` was not called. */
  onLost: (error: HarnessError) => void;
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: HarnessError) => void;
}

/** `Role` decides which commands may be asked. */
export class AgentProcess<Role extends AgentRole> implements AsyncDisposable {
  readonly role: Role;
  readonly #stream: Duplex;
  readonly #listener: AgentListener;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #nextId = 1;
  #isClosing = false;

  private constructor(role: Role, stream: Duplex, parts: { listener: AgentListener; ended: Promise<void> }) {
    this.role = role;
    this.#stream = stream;
    this.#listener = parts.listener;
    this.#ended = parts.ended;
    void this.#ended.then(() => this.#onEnd());
  }

  /** Starts `node agent.cjs ROLE` in the agent's container; `prefix` may enter another namespace first. */
  static async open<Role extends AgentRole>(
    docker: Docker,
    container: Docker.Container,
    options: OpenOptions<Role>,
  ): Promise<AgentProcess<Role>> {
    const argv = [...(options.prefix ?? []), "node", "/opt/triad/agent.cjs", options.role];
    const exec = await container.exec({ Cmd: argv, AttachStdin: true, AttachStdout: true, AttachStderr: true });
    const stream = (await exec.start({ hijack: true, stdin: true })) as Duplex;
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    docker.modem.demuxStream(stream, stdout, stderr);
    const ended = new Promise<void>((resolve) =>
      stream
        .once("close", resolve)
        .once("end", resolve)
        .once("error", () => resolve()),
    );
    const agent = new AgentProcess(options.role, stream, { listener: options.listener, ended });
    const decoder = new LineDecoder<Up>(options.listener.onNoise);
    const isReady = new Promise<void>((resolve) => {
      stdout.setEncoding("utf8").on("data", (chunk: string) => {
        for (const message of decoder.push(chunk))
          if ("ready" in message) resolve();
          else agent.#take(message);
      });
    });
    stderr
      .setEncoding("utf8")
      .on("data", (chunk: string) => chunk.trim().split("\n").forEach(options.listener.onNoise));
    await withDeadline(isReady, {
      what: `the agent's ${options.role} role`,
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
  async ask<Name extends CommandOf<Role>>(request: RequestOf<Name>, deadlineMs = 30_000): Promise<ReplyOf<Name>> {
    const id = this.#nextId++;
    const reply = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#stream.write(encodeLine({ id, ...request }));
    try {
      return (await withDeadline(reply, { what: `the agent to answer "${request.do}"`, deadlineMs })) as ReplyOf<Name>;
    } finally {
      this.#waiting.delete(id);
    }
  }

  #take(message: Reply | { event: HistoryEvent }): void {
    if ("event" in message) return this.#listener.onEvent(message.event);
    const waiting = this.#waiting.get(message.reply);
    if (!waiting) return;
    if ("error" in message) waiting.reject(new HarnessError("agent/refused", `${this.role}: ${message.error}`));
    else waiting.resolve(message.value);
  }

  #onEnd(): void {
    const lost = new HarnessError("agent/lost", `the agent's ${this.role} stream ended`, { isDefinite: false });
    for (const waiting of this.#waiting.values()) waiting.reject(lost);
    if (!this.#isClosing) this.#listener.onLost(lost);
  }

  /** Ends the process by closing its stdin; bounded. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#stream.end();
    await withDeadline(this.#ended, { what: "the agent to leave", deadlineMs: 2_000 }).catch(() =>
      this.#stream.destroy(),
    );
  }
}

export interface OpenOptions<Role extends AgentRole> {
  role: Role;
  listener: AgentListener;
  prefix?: string[];
}
