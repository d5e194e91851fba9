// Is the local server up, with JetStream? A ping over the client connection, and its health answer for JetStream.
// It asks nothing that the meta leader answers: an election on another server must not close this gate.

import { get } from "node:http";
import { Events, type NatsConnection } from "nats";
import { withDeadline } from "#base/poll.ts";

const pingTimeoutMs = 700;
/** One lost ping is a busy machine. Two, 500 ms apart and about 2 s in all, are a frozen server. */
const missesMax = 2;

export class JetstreamCheck {
  #nc: NatsConnection | undefined;
  #isRunning = false;
  #missed = missesMax;
  why = "not yet connected";

  /** Uses a new connection from now on, and closes the gate when it breaks. */
  watch(nc: NatsConnection, onBreak: () => void): void {
    this.#nc = nc;
    void (async () => {
      for await (const status of nc.status()) {
        if (status.type !== Events.Disconnect) continue;
        this.#fail("the local server is gone", true);
        onBreak();
      }
    })();
  }

  get isOpen(): boolean {
    return this.#missed < missesMax;
  }

  /** Checks once. Resolves within the ping timeout and never rejects. */
  async check(): Promise<void> {
    if (this.#isRunning || this.#nc === undefined) return;
    this.#isRunning = true;
    try {
      const bound = { what: "the local server", deadlineMs: pingTimeoutMs };
      await withDeadline(this.#nc.flush(), bound);
      // The first opening asks for more: this server must have caught up with the cluster's own state.
      const question = this.isOpen ? "js-enabled-only" : "js-server-only";
      const answer = await healthz(`/healthz?${question}=true`);
      if (answer === "") this.#missed = 0;
      else this.#fail(answer, true);
    } catch (thrown) {
      this.#fail(thrown instanceof Error ? thrown.message : String(thrown), false);
    } finally {
      this.#isRunning = false;
    }
    if (this.isOpen) this.why = "";
  }

  #fail(why: string, isCertain: boolean): void {
    this.#missed = isCertain ? missesMax : this.#missed + 1;
    this.why = why;
  }
}

/** Empty when the server answers 200, else what it answered. Rejects when it does not answer. */
function healthz(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port: 8222, path, timeout: pingTimeoutMs, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? "" : `healthz answers ${response.statusCode}`);
    });
    request.on("timeout", () => request.destroy(new Error("healthz does not answer")));
    request.on("error", reject);
  });
}
