// One attempt to reach the target: TCP, then TLS, each with a limit.

import { connect as openTcp, type Socket } from "node:net";
import { connect as openTls, type TLSSocket } from "node:tls";
import { connectOutcome, type OutcomeName } from "#protocol/outcome.ts";

export interface DialOptions {
  host: string;
  port: number;
  serverName: string;
  ca: Buffer;
  certificate: Buffer;
  key: Buffer;
  /** Limit for TCP. After it another attempt starts. */
  connectTimeoutMs: number;
  /** Limit for TLS. An attempt that waits for it does not delay others. */
  handshakeTimeoutMs: number;
}

export interface AttemptEnds {
  isUp: (tls: TLSSocket) => void;
  isSlow: () => void;
  hasFailed: (why: OutcomeName) => void;
}

/** One attempt: TCP, then TLS. It ends with exactly one of isUp, hasFailed or abandon. */
export class DialAttempt {
  readonly #options: DialOptions;
  readonly #ends: AttemptEnds;
  readonly #tcp: Socket;
  #tls: TLSSocket | undefined;
  #timers: NodeJS.Timeout[] = [];
  #isOver = false;

  constructor(options: DialOptions, ends: AttemptEnds) {
    this.#options = options;
    this.#ends = ends;
    this.#tcp = openTcp({ host: options.host, port: options.port, noDelay: true });
    this.#tcp.once("connect", () => this.#greet());
    this.#tcp.once("error", (error: NodeJS.ErrnoException) => this.#failWith(error));
    this.#timers.push(
      setTimeout(() => (this.#tls ? this.#ends.isSlow() : this.give("connect-timeout")), options.connectTimeoutMs),
      setTimeout(() => this.give("tls-timeout"), options.connectTimeoutMs + options.handshakeTimeoutMs),
    );
  }

  give(why: OutcomeName): void {
    if (this.#isOver) return;
    this.abandon();
    this.#ends.hasFailed(why);
  }

  abandon(): void {
    this.#isOver = true;
    this.#stopTimers();
    this.#tls?.destroy();
    this.#tcp.destroy();
  }

  #greet(): void {
    const { serverName, ca, certificate, key } = this.#options;
    const tls = openTls({
      socket: this.#tcp,
      servername: serverName,
      ca,
      cert: certificate,
      key,
      ALPNProtocols: ["h2"],
    });
    this.#tls = tls;
    tls.once("error", (error: NodeJS.ErrnoException) => this.#failWith(error));
    tls.once("close", () => this.give("tls-refused"));
    tls.once("secureConnect", () => {
      if (this.#isOver) return;
      this.#isOver = true;
      this.#stopTimers();
      this.#ends.isUp(tls);
    });
  }

  #failWith(error: NodeJS.ErrnoException): void {
    const outcome = connectOutcome(error.code ?? "", this.#tls !== undefined);
    this.give(outcome.type === "ok" ? "connect-refused" : outcome.error);
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
