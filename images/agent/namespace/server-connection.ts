// A connection to the nats-server of one node, on the node's loopback, and calls of JetStream's API over it.

import { connect, type NatsConnection } from "nats";
import { contract } from "./contract.ts";
import { LoopbackProxy } from "./loopback-proxy.ts";

/** Closed together with its proxy. */
export class ServerConnection implements AsyncDisposable {
  readonly nc: NatsConnection;
  readonly #proxy: LoopbackProxy;

  private constructor(nc: NatsConnection, proxy: LoopbackProxy) {
    this.nc = nc;
    this.#proxy = proxy;
  }

  /** @throws when the server does not answer in time. */
  static async open(
    pid: number,
    timeoutMs: number,
    login?: { user: string; password: string },
  ): Promise<ServerConnection> {
    const proxy = await LoopbackProxy.open(pid, contract.ports.natsClient);
    try {
      const nc = await connect({
        servers: `nats://127.0.0.1:${proxy.port}`,
        timeout: timeoutMs,
        reconnect: false,
        ignoreClusterUpdates: true,
        name: "triad-agent",
        ...(login ? { user: login.user, pass: login.password } : {}),
      });
      return new ServerConnection(nc, proxy);
    } catch (error) {
      proxy[Symbol.dispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nc.close().catch(() => {});
    this.#proxy[Symbol.dispose]();
  }
}

/** One call of JetStream's API. @throws at the timeout, and on an error in the answer. */
export async function askJetStream<T>(
  nc: NatsConnection,
  api: string,
  options: { timeoutMs: number; body?: unknown },
): Promise<T> {
  const payload = options.body === undefined ? "" : JSON.stringify(options.body);
  const message = await nc.request(`$JS.API.${api}`, payload, { timeout: options.timeoutMs });
  const answer = message.json<T & { error?: { description?: string } }>();
  if (answer.error) throw new Error(answer.error.description ?? "refused");
  return answer;
}
