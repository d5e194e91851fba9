// Two stock clients, as a vendor's program would use them: gRPC by @grpc/grpc-js, and Connect in JSON over HTTP/1.1 by
// undici. Each makes one call, Health where no other is named, and reports how it ended. This is a separate bundle, so
// that the agent's other roles do not load two more megabytes at each start.

import { Client, credentials, status } from "@grpc/grpc-js";
import { Agent, request } from "undici";
import { wallMs } from "#base/clock.ts";

export interface StockCall {
  host: string;
  port: number;
  /** Name that the server's certificate must carry. */
  serverName: string;
  ca: Buffer;
  /** Absent: the client presents none. */
  own?: { certificate: Buffer; key: Buffer };
  timeoutMs: number;
  /** Of gRPC: another call than Health, and its request. */
  rpc?: { name: string; request: Uint8Array };
}

export interface StockEnd {
  outcome: "served" | "refused" | "unreachable";
  /** Absent when it was served. */
  error?: string;
}

const service = "/bsfg.v1.BsfgService";

/** Never rejects. A closed connection, or a code that denies, is a refusal. Silence is not. */
export function callByGrpc({ host, port, serverName, ca, own, timeoutMs, rpc }: StockCall): Promise<StockEnd> {
  const ssl = credentials.createSsl(ca, own?.key ?? null, own?.certificate ?? null);
  const client = new Client(`${host}:${port}`, ssl, { "grpc.ssl_target_name_override": serverName });
  const { name, request: bytes } = rpc ?? { name: "Health", request: new Uint8Array() };
  return new Promise<StockEnd>((resolve) => {
    client.makeUnaryRequest(
      `${service}/${name}`,
      (message: Uint8Array) => Buffer.from(message),
      (answer: Buffer) => answer,
      bytes,
      { deadline: wallMs() + timeoutMs },
      (error, answer) => {
        if (!error && answer) return resolve({ outcome: "served" });
        // Another code than a denial says nothing about who may call.
        const isDenied = rpc === undefined || denials.has(error?.code ?? status.UNKNOWN);
        const isSilent = error?.code === status.DEADLINE_EXCEEDED || !isDenied;
        resolve({ outcome: isSilent ? "unreachable" : "refused", error: error?.details ?? "no answer" });
      },
    );
  }).finally(() => client.close());
}

/** A connection that the endpoint closes is "unavailable" to this client. */
const denials: ReadonlySet<number> = new Set([status.PERMISSION_DENIED, status.UNAUTHENTICATED, status.UNAVAILABLE]);

/** As `callByGrpc`. */
export async function callByConnect({ host, port, serverName, ca, own, timeoutMs }: StockCall): Promise<StockEnd> {
  const tls = { servername: serverName, ca, ...(own ? { cert: own.certificate, key: own.key } : {}) };
  const agent = new Agent({ connect: { ...tls, timeout: timeoutMs }, allowH2: false });
  try {
    const answer = await request(`https://${host}:${port}${service}/Health`, {
      method: "POST",
      headers: { "content-type": "application/json", "connect-protocol-version": "1" },
      body: "{}",
      dispatcher: agent,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const body = (await answer.body.json()) as { code?: string };
    if (answer.statusCode === 200) return { outcome: "served" };
    return { outcome: "refused", error: body.code ?? `status ${answer.statusCode}` };
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    const isSilent = code?.endsWith("_TIMEOUT") === true;
    return { outcome: isSilent ? "unreachable" : "refused", error: code ?? message };
  } finally {
    await agent.destroy();
  }
}
