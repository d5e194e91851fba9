// Does anybody of the cluster answer? A TCP connection to a peer's route port on which the server must send its INFO
// line. Not a quorum proof by itself: it says quickly that there can be none.

import { connect } from "node:net";

/** Resolves true when the server at that address sends "INFO" in time. Never rejects. */
export function answersInfo(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (isAnswered: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isAnswered);
    };
    // A starved process runs timers before it reads sockets: look at the socket once more before giving up.
    const timer = setTimeout(() => setImmediate(() => setImmediate(finish, false)), timeoutMs);
    socket.once("data", (chunk) => finish(chunk.subarray(0, 4).toString("latin1") === "INFO"));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
  });
}

export interface ReachOptions {
  addresses: string[];
  port: number;
  timeoutMs: number;
  /** Rounds without any answer, in a row, that close it. */
  misses: number;
  /** Peers that must answer in a round. */
  peersMin: number;
}

/** Counts rounds in which no peer answered. Starts closed: nothing has answered yet. */
export class Reach {
  readonly #options: ReachOptions;
  #missed: number;
  #isProbing = false;

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#missed = options.misses;
  }

  get isOpen(): boolean {
    return this.#missed < this.#options.misses;
  }

  /** A quorum operation was answered: as good as one peer's answer. False when more peers than one must answer. */
  prove(): boolean {
    if (this.#options.peersMin > 1) return false;
    this.#missed = 0;
    return true;
  }

  /** One round. A round that would overlap the last one is left out: a probe is bounded by its own timeout. */
  async round(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const { addresses, port, timeoutMs, peersMin } = this.#options;
    const isAnswered = await areTrue(
      peersMin,
      addresses.map((address) => answersInfo(address, port, timeoutMs)),
    );
    this.#isProbing = false;
    this.#missed = isAnswered ? 0 : this.#missed + 1;
  }
}

/** True as soon as `count` are; false when so many cannot be any more. */
function areTrue(count: number, answers: Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve) => {
    let [yes, no] = [0, 0];
    for (const answer of answers)
      void answer.then((isYes) => {
        if (isYes) yes++;
        else no++;
        if (yes >= count) resolve(true);
        else if (no > answers.length - count) resolve(false);
      });
  });
}
