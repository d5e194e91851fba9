// Does any other server of the cluster answer? Opens a TCP connection to its route port and waits for its INFO line.
// An answer proves no quorum. No answer shows quickly that there can be none.

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
    // A process that got no CPU runs timers before it reads sockets, so the socket is read once more.
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
  /** Rounds in a row without any answer that close it. */
  misses: number;
}

/** Counts rounds in which no server answered. Starts closed: nothing has answered yet. */
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

  /** A quorum acknowledged an operation, so at least one other server lives. */
  prove(): void {
    this.#missed = 0;
  }

  /** One round; skipped while the last one runs, which a probe's own timeout bounds. */
  async round(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const { addresses, port, timeoutMs } = this.#options;
    const isAnswered = await isAnyTrue(addresses.map((address) => answersInfo(address, port, timeoutMs)));
    this.#isProbing = false;
    this.#missed = isAnswered ? 0 : this.#missed + 1;
  }
}

/** True with the first that is; false when none is. */
function isAnyTrue(answers: Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve) => {
    for (const answer of answers) void answer.then((isYes) => isYes && resolve(true));
    void Promise.all(answers).then(() => resolve(false));
  });
}
