// gRPC framing, and the outcome of a call, against an HTTP/2 server in this process. Without a zone.

import { createServer, connect, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AppendFactRequestSchema, AppendFactResponseSchema } from "../../node/gen/bsfg_pb.ts";
import type { Session } from "./dialer.ts";
import { callUnary, frame, unframe } from "./unary.ts";

const method = { name: "AppendFact", input: AppendFactRequestSchema, output: AppendFactResponseSchema };
const answer = frame(toBinary(AppendFactResponseSchema, create(AppendFactResponseSchema, { offset: 7n })));
let server: Http2Server | undefined;
let session: Session | undefined;

/** Far off, except where the test waits for it: a busy machine may answer late. */
async function call(onStream: (stream: ServerHttp2Stream) => void, timeoutMs = 4_000) {
  server = createServer();
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    onStream(stream);
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const http2 = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  http2.on("error", () => {});
  session = { http2, fingerprint: "", heardNs: 0 };
  return callUnary(session, method, { message: create(AppendFactRequestSchema), timeoutMs });
}

function respond(stream: ServerHttp2Stream, status: string, body: Buffer): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc+proto" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
  stream.end(body);
}

afterEach(() => {
  session?.http2.destroy();
  server?.close();
});

describe("framing", () => {
  it("is undone by unframing, which refuses what is cut, joined or compressed", () => {
    const framed = frame(Buffer.from("fact"));
    expect(unframe(framed)?.toString()).toBe("fact");
    expect(unframe(framed.subarray(0, 6))).toBeUndefined();
    expect(unframe(Buffer.concat([framed, framed]))).toBeUndefined();
    expect(unframe(Buffer.from([1, 0, 0, 0, 0]))).toBeUndefined();
  });
});

describe("a call", () => {
  it("is ok with its message on status 0", async () => {
    const reply = await call((stream) => respond(stream, "0", answer));
    expect(reply.outcome).toEqual({ type: "ok" });
    expect(reply.message?.offset).toBe(7n);
    expect(session!.heardNs).toBeGreaterThan(0);
  });

  it("carries a refusal that comes with headers only", async () => {
    const reply = await call((stream) => stream.respond({ ":status": 200, "grpc-status": "9" }, { endStream: true }));
    expect(reply.outcome).toEqual({ type: "fail", error: "rpc-failed-precondition" });
  });

  it("is indefinite when nothing comes in time", async () => {
    expect((await call(() => {}, 300)).outcome).toEqual({ type: "info", error: "call-timeout" });
  });

  it("is indefinite when the connection is lost", async () => {
    const reply = await call((stream) => stream.session!.destroy());
    expect(reply.outcome).toEqual({ type: "info", error: "connection-lost" });
  });

  it("is definite when the stream was refused", async () => {
    expect((await call((stream) => stream.close(7))).outcome).toEqual({ type: "fail", error: "stream-refused" });
  });

  it("is indefinite when the stream was reset", async () => {
    expect((await call((stream) => stream.close(2))).outcome).toEqual({ type: "info", error: "stream-reset" });
  });

  it("is not ok with a status of 0 and half a message", async () => {
    const reply = await call((stream) => respond(stream, "0", answer.subarray(0, 3)));
    expect(reply.outcome).toEqual({ type: "info", error: "bad-reply" });
  });
});
