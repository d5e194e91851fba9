// Two stock clients, as a vendor's program would use them: gRPC by @grpc/grpc-js, and Connect in JSON over HTTP/1.1 by
// undici. Each makes one Health call and reports how it ended. This is a separate bundle, so that the agent's other
// roles do not load two more megabytes at each start.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, status } from "@grpc/grpc-js";
import { Agent, request } from "undici";
import { wallMs } from "#base/clock.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";

export interface StockCall {
  host: string;
  port: number;
  /** Name that the server's certificate must carry. */
  serverName: string;
  ca: Buffer;
  /** Absent: the client presents none. */
  own?: { certificate: Buffer; key: Buffer };
  timeoutMs: number;
}

export interface StockEnd {
  outcome: "served" | "refused" | "unreachable";
  /** Absent when it was served. */
  error?: string;
}

const path = "/bsfg.v1.BsfgService/Health";

/** Never rejects. A closed connection, or a code that denies, is a refusal. Silence is not. */
export function callByGrpc({ host, port, serverName, ca, own, timeoutMs }: StockCall): Promise<StockEnd> {
  const ssl = credentials.createSsl(ca, own?.key ?? null, own?.certificate ?? null);
  const client = new Client(`${host}:${port}`, ssl, { "grpc.ssl_target_name_override": serverName });
  return new Promise<StockEnd>((resolve) => {
    client.makeUnaryRequest(
      path,
      (message: bsfg.HealthRequest) => Buffer.from(toBinary(bsfg.HealthRequestSchema, message)),
      (bytes: Buffer) => fromBinary(bsfg.HealthResponseSchema, bytes),
      create(bsfg.HealthRequestSchema),
      { deadline: wallMs() + timeoutMs },
      (error, answer) => {
        if (!error && answer) return resolve({ outcome: "served" });
        const isSilent = error?.code === status.DEADLINE_EXCEEDED;
        resolve({ outcome: isSilent ? "unreachable" : "refused", error: error?.details ?? "no answer" });
      },
    );
  }).finally(() => client.close());
}

/** As `callByGrpc`. */
export async function callByConnect({ host, port, serverName, ca, own, timeoutMs }: StockCall): Promise<StockEnd> {
  const tls = { servername: serverName, ca, ...(own ? { cert: own.certificate, key: own.key } : {}) };
  const agent = new Agent({ connect: { ...tls, timeout: timeoutMs }, allowH2: false });
  try {
    const answer = await request(`https://${host}:${port}${path}`, {
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
