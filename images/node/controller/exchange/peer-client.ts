// Calls to the other zone's VIP, from this zone's VIP and with this zone's certificate. One session; a call without a
// definite answer closes it. It retries nothing.
// No keep-alive pings: with connect-node 2.1.2 an abort during one ends the process. Each call has a deadline instead.

import { connect as openTcp } from "node:net";
import { connect as openTls, type TLSSocket } from "node:tls";
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { BsfgService, type FetchFactsResponse } from "../../gen/bsfg_pb.ts";

/**
 * Both are as long as possible: a slow peer becomes slower when its calls are given up and repeated. A lost node costs
 * one call, and the other node needs as long to take over.
 */
const connectTimeoutMs = 3_000;
const callTimeoutMs = 10_000;

export interface PeerClientOptions {
  /** Identity that the peer's certificate must carry. */
  zoneId: string;
  host: string;
  port: number;
  /** This zone's VIP: the peer answers no other address. */
  localAddress: string;
  /** PEM: the peer's CA alone, and this zone's own certificate. */
  ca: Buffer;
  certificate: Buffer;
  key: Buffer;
}

interface Session {
  manager: Http2SessionManager;
  client: Client<typeof BsfgService>;
}

export class PeerClient {
  readonly #options: PeerClientOptions;
  /** One for all calls, also while it opens. */
  #session: Promise<Session> | undefined;

  constructor(options: PeerClientOptions) {
    this.#options = options;
  }

  fetchFacts(consumerName: string, limit: number): Promise<FetchFactsResponse> {
    return this.#call((client) => client.fetchFacts({ consumerName, limit }, { timeoutMs: callTimeoutMs }));
  }

  async confirm(consumerName: string, offset: number): Promise<void> {
    await this.#call((client) =>
      client.confirmReceipt({ consumerName, offset: BigInt(offset) }, { timeoutMs: callTimeoutMs }),
    );
  }

  /** Undefined: the peer does not have it. */
  async artifact(bucket: string, key: string): Promise<{ content: Uint8Array; digest: string } | undefined> {
    try {
      return await this.#call((client) => client.getObject({ bucket, key }, { timeoutMs: callTimeoutMs }));
    } catch (thrown) {
      if (thrown instanceof ConnectError && thrown.code === Code.NotFound) return undefined;
      throw thrown;
    }
  }

  async #call<T>(call: (client: Client<typeof BsfgService>) => Promise<T>): Promise<T> {
    const opening = (this.#session ??= this.#open());
    try {
      return await call((await opening).client);
    } catch (thrown) {
      // A silent session may belong to a lost node: the next call goes to the node that then has the VIP.
      if (!(thrown instanceof ConnectError && thrown.code === Code.NotFound)) this.#drop(opening);
      throw thrown;
    }
  }

  #drop(opening: Promise<Session>): void {
    if (this.#session === opening) this.#session = undefined;
    void opening.then(
      ({ manager }) => manager.abort(),
      () => {},
    );
  }

  async #open(): Promise<Session> {
    const { host, port } = this.#options;
    const socket = await this.#dial();
    const authority = `https://${host}:${port}`;
    const manager = new Http2SessionManager(authority, {}, { createConnection: () => socket });
    const transport = createGrpcTransport({ baseUrl: authority, sessionManager: manager });
    return { manager, client: createClient(BsfgService, transport) };
  }

  #dial(): Promise<TLSSocket> {
    const { host, port, localAddress, zoneId: servername, ca, certificate: cert, key } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = openTcp({ host, port, localAddress, noDelay: true });
      const tls = openTls({ socket, servername, ca, cert, key, ALPNProtocols: ["h2"] });
      const timer = setTimeout(() => tls.destroy(new Error("no handshake in time")), connectTimeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        socket.destroy();
        reject(new ConnectError(`no connection to ${servername}: ${error.message}`, Code.Unavailable));
      };
      tls.once("secureConnect", () => {
        clearTimeout(timer);
        resolve(tls);
      });
      tls.once("close", () => fail(new Error("closed")));
      // Later errors are the session's; one without a listener would end the process.
      for (const one of [socket, tls]) one.on("error", fail);
    });
  }
}
