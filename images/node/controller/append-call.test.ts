// The same call by clients of several protocols: the fast handler must answer as Connect's own handler does.

import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, createClient, createContextValues, type Transport } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BsfgService } from "../gen/bsfg_pb.ts";
import { type AppendContext, type AppendParts, appendCalls, timeoutIn } from "./append-call.ts";

/** Answers by the message id: a number is the offset; any other id is refused. */
let waits: (number | undefined)[] = [];
const append: AppendParts["append"] = async ({ envelope }, context: AppendContext) => {
  waits.push(context.timeoutMs());
  const id = envelope?.messageId ?? "";
  if (/^\d+$/.test(id)) return { offset: BigInt(id) };
  throw new ConnectError(`no "${id}", 50 % sure`, Code.AlreadyExists);
};

const handed: string[] = [];
const servers: Http2Server[] = [];
const urls: Record<string, string> = {};

async function listen(name: string, handler: Parameters<typeof createServer>[1]): Promise<void> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const whole = connectNodeAdapter({ routes: (router) => router.service(BsfgService, { appendFact: append }) });
  const others: AppendParts["others"] = (request, response) => {
    handed.push(String(request.headers["content-type"]));
    whole(request as never, response as never);
  };
  await listen("short", appendCalls({ append, contextValues: () => createContextValues(), others }) as never);
  await listen("whole", whole as never);
});

afterAll(() => servers.forEach((server) => server.close()));

const transports: Record<string, (baseUrl: string) => Transport> = {
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC with JSON": (baseUrl) => createGrpcTransport({ baseUrl, useBinaryFormat: false }),
  "gRPC-Web": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
  Connect: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  "Connect with JSON": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
};

async function call(transport: Transport, messageId: string, timeoutMs?: number): Promise<unknown> {
  const client = createClient(BsfgService, transport);
  try {
    const { offset } = await client.appendFact(
      { envelope: { messageId } },
      timeoutMs === undefined ? {} : { timeoutMs },
    );
    return offset;
  } catch (thrown) {
    const { code, rawMessage } = ConnectError.from(thrown);
    return { code: Code[code], rawMessage };
  }
}

describe("AppendFact by the fast handler", () => {
  it.each(Object.keys(transports))("answers %s as Connect's own handler does", async (name) => {
    for (const id of ["42", "taken — é"])
      expect(await call(transports[name]!(urls["short"]!), id)).toEqual(
        await call(transports[name]!(urls["whole"]!), id),
      );
    expect(await call(transports[name]!(urls["short"]!), "7")).toBe(7n);
  });

  it("serves gRPC itself and passes every other form on", async () => {
    handed.length = 0;
    await call(transports["gRPC"]!(urls["short"]!), "1");
    expect(handed).toEqual([]);
    await call(transports["Connect"]!(urls["short"]!), "1");
    await call(transports["gRPC with JSON"]!(urls["short"]!), "1");
    expect(handed).toEqual(["application/proto", "application/grpc+json"]);
  });

  it("gives the call the time that the caller waits", async () => {
    waits = [];
    await call(transports["gRPC"]!(urls["short"]!), "1", 4_000);
    await call(transports["gRPC"]!(urls["short"]!), "1");
    expect(waits[0]).toBeGreaterThan(3_000);
    expect(waits[0]).toBeLessThanOrEqual(4_000);
    expect(waits[1]).toBeUndefined();
    expect([timeoutIn("2S"), timeoutIn("3m"), timeoutIn("500u"), timeoutIn("soon"), timeoutIn(undefined)]).toEqual([
      2_000,
      3,
      0.5,
      undefined,
      undefined,
    ]);
  });
});
