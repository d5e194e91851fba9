// AppendFact over gRPC without Connect, because a zone serves thousands of these calls a second. It serves one form
// only: HTTP/2, a protobuf message, no compression. Connect's handler serves every other form and every other call.
// Both handlers give the same answers.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Stream } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, type ContextValues } from "@connectrpc/connect";
import { type AppendFactRequest, AppendFactRequestSchema, AppendFactResponseSchema } from "../gen/bsfg_pb.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
type Handler = (request: Request, response: Response) => void;

/** The part of Connect's call context that AppendFact reads. */
export interface AppendContext {
  values: ContextValues;
  /** How long the caller still waits; undefined when it set no deadline. */
  timeoutMs(): number | undefined;
}

export interface AppendParts {
  append: (request: AppendFactRequest, context: AppendContext) => Promise<{ offset: bigint }>;
  contextValues: (request: Request) => ContextValues;
  /** Connect's handler. */
  others: Handler;
}

const path = "/bsfg.v1.BsfgService/AppendFact";
const contentTypes = ["application/grpc", "application/grpc+proto"];
/** A fact is small; Connect's own limit is far above this. */
const messageMax = 4 * 1024 * 1024;
const prefixLength = 5;

/** A handler that serves this form of AppendFact and passes every other request to Connect. */
export function appendCalls(parts: AppendParts): Handler {
  return (request, response) => {
    if (!isOurs(request)) return parts.others(request, response);
    const { stream, headers } = request;
    const ours = response as Http2ServerResponse;
    const contentType = String(headers["content-type"]);
    const startMs = performance.now();
    const givenMs = timeoutIn(headers["grpc-timeout"]);
    const timeoutMs = () => (givenMs === undefined ? undefined : Math.max(0, givenMs - (performance.now() - startMs)));
    void bodyOf(stream)
      .then((body) => fromBinary(AppendFactRequestSchema, messageIn(body)))
      .catch((thrown: unknown) => Promise.reject(asRefusal(thrown)))
      .then((message) => parts.append(message, { values: parts.contextValues(request), timeoutMs }))
      .then(({ offset }) => answer(ours, contentType, offset))
      .catch((thrown: unknown) => refuse(ours, contentType, ConnectError.from(thrown)));
  };
}

function isOurs(request: Request): request is Http2ServerRequest {
  const { method, url, headers } = request;
  const encoding = headers["grpc-encoding"] ?? "identity";
  return (
    "stream" in request &&
    url === path &&
    method === "POST" &&
    encoding === "identity" &&
    contentTypes.includes(headers["content-type"] ?? "")
  );
}

function bodyOf(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= messageMax) chunks.push(chunk);
    });
    stream.on("end", () => {
      if (size > messageMax) reject(new ConnectError(`more than ${messageMax} bytes`, Code.ResourceExhausted));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    stream.on("error", reject);
    stream.on("aborted", () => reject(new ConnectError("the caller left", Code.Canceled)));
  });
}

/** The one length-prefixed message of a unary call. */
function messageIn(body: Buffer): Buffer {
  const isWhole = body.length >= prefixLength && body.readUInt32BE(1) === body.length - prefixLength;
  if (!isWhole) throw new ConnectError("not one whole message", Code.InvalidArgument);
  if (body[0] !== 0) throw new ConnectError("compressed without a named encoding", Code.Internal);
  return body.subarray(prefixLength);
}

/** Bytes that are no such message: refused before anything was done. */
function asRefusal(thrown: unknown): ConnectError {
  return thrown instanceof ConnectError ? thrown : new ConnectError("not a message of this call", Code.InvalidArgument);
}

const units: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** gRPC's header grpc-timeout in milliseconds, e.g. "250m"; undefined when it cannot be read. */
export function timeoutIn(header: string | string[] | undefined): number | undefined {
  const found = typeof header === "string" ? /^(\d{1,8})([HMSmun])$/.exec(header) : null;
  return found ? Number(found[1]) * units[found[2]!]! : undefined;
}

function answer(response: Http2ServerResponse, contentType: string, offset: bigint): void {
  if (response.stream.destroyed) return;
  const message = toBinary(AppendFactResponseSchema, create(AppendFactResponseSchema, { offset }));
  const frame = Buffer.alloc(prefixLength + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixLength);
  response.writeHead(200, { "content-type": contentType });
  response.addTrailers({ "grpc-status": "0" });
  response.end(frame);
}

/** Trailers only: gRPC's form of an answer without a message. */
function refuse(response: Http2ServerResponse, contentType: string, { code, rawMessage }: ConnectError): void {
  if (response.stream.destroyed || response.headersSent) return;
  const status = { "grpc-status": String(code), "grpc-message": encodeURIComponent(rawMessage) };
  response.writeHead(200, { "content-type": contentType, ...status });
  response.end();
}
