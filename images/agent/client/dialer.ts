// Keeps one HTTP/2 session to the target over mutual TLS, and dials again when it is lost. Failover is measured with
// it, so neither TCP back-off, nor a missing ARP answer, nor a paused server may delay the next attempt. It makes no
// calls.

import { readFileSync } from "node:fs";
import { type ClientHttp2Session, connect as openHttp2 } from "node:http2";
import type { TLSSocket } from "node:tls";
import { nowNs } from "#base/clock.ts";
import type { OutcomeName } from "#protocol/outcome.ts";
import { DialAttempt, type DialOptions } from "./dial-attempt.ts";

/** Reads what a session presents and trusts from files. */
export function readCertificates(paths: { ca: string; certificate: string; key: string }) {
  return { ca: readFileSync(paths.ca), certificate: readFileSync(paths.certificate), key: readFileSync(paths.key) };
}

/** Minimum time between two attempts. */
const attemptGapMs = 50;
/** Limit for attempts with TCP but without TLS. A paused server leaves such. */
const handshakesMax = 4;

export interface Session {
  http2: ClientHttp2Session;
  /** SHA-256 of the peer's certificate, lower-case hex. */
  fingerprint: string;
  /** Time of the last answer on it. */
  heardNs: number;
}

export class Dialer {
  readonly #options: DialOptions;
  readonly #attempts = new Set<DialAttempt>();
  #session: Session | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The newest attempt, until its TCP fails or its TLS is slow. No other starts until then. */
  #newest: DialAttempt | undefined;
  #startedNs = 0;
  #isClosed = false;
  /** Why the last attempt failed. */
  lastError: OutcomeName | undefined;

  constructor(options: DialOptions) {
    this.#options = options;
    this.#schedule();
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** Destroys the session and dials at once. Its open streams end without an answer. */
  drop(session: Session): void {
    session.http2.destroy();
    this.#lost(session);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#abandon();
    this.#session?.http2.destroy();
    this.#session = undefined;
  }

  #lost(session: Session): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#schedule();
  }

  /** Schedules the next attempt, no sooner than the minimum gap after the last. */
  #schedule(): void {
    if (this.#isClosed || this.#session || this.#timer || this.#newest) return;
    const sinceMs = (nowNs() - this.#startedNs) / 1e6;
    const waitMs = Math.max(0, attemptGapMs - sinceMs);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#try();
    }, waitMs);
  }

  #try(): void {
    if (this.#isClosed || this.#session) return;
    if (this.#attempts.size >= handshakesMax) this.#attempts.values().next().value?.give("tls-timeout");
    this.#startedNs = nowNs();
    const makeWay = () => {
      if (this.#newest === attempt) this.#newest = undefined;
      this.#schedule();
    };
    const attempt = new DialAttempt(this.#options, {
      isUp: (tls) => this.#adopt(attempt, tls),
      isSlow: makeWay,
      hasFailed: (why) => {
        this.#attempts.delete(attempt);
        this.lastError = why;
        makeWay();
      },
    });
    this.#newest = attempt;
    this.#attempts.add(attempt);
  }

  #adopt(attempt: DialAttempt, tls: TLSSocket): void {
    this.#attempts.delete(attempt);
    if (this.#isClosed || this.#session) return void tls.destroy();
    this.#abandon();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const fingerprint = tls.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
    const http2 = openHttp2("https://target", { createConnection: () => tls });
    const session: Session = { http2, fingerprint, heardNs: nowNs() };
    this.#session = session;
    const end = () => this.#lost(session);
    http2.on("error", end);
    http2.on("close", end);
    // The server takes no new streams on it, but may still answer open ones.
    http2.on("goaway", () => {
      this.#lost(session);
      http2.close();
    });
  }

  #abandon(): void {
    for (const attempt of this.#attempts) attempt.abandon();
    this.#attempts.clear();
    this.#newest = undefined;
  }
}
