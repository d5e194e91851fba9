// A connection to the server of one node, on its loopback, through a door into its network namespace (door.ts), and
// requests to JetStream's API over it.

import { connect, type NatsConnection } from "nats";
import { ports } from "#spec/node.ts";
import { Door } from "./loopback-proxy.ts";

/** A connection to the server of the node, closed with its door. */
export class Store implements AsyncDisposable {
  readonly nc: NatsConnection;
  readonly #door: Door;

  private constructor(nc: NatsConnection, door: Door) {
    this.nc = nc;
    this.#door = door;
  }

  static async open(pid: number, timeoutMs: number, login?: { user: string; password: string }): Promise<Store> {
    const door = await Door.open(pid, ports.natsClient);
    try {
      const nc = await connect({
        servers: `nats://127.0.0.1:${door.port}`,
        timeout: timeoutMs,
        reconnect: false,
        ignoreClusterUpdates: true,
        name: "triad-agent",
        ...(login ? { user: login.user, pass: login.password } : {}),
      });
      return new Store(nc, door);
    } catch (error) {
      door[Symbol.dispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.nc.close().catch(() => {});
    this.#door[Symbol.dispose]();
  }
}

/** One call of JetStream's API. @throws on a time-out and on an error in the answer. */
export async function ask<T>(
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
