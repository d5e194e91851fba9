// AppendFact over gRPC without the machinery of Connect: the one call that a zone serves by the thousand.
// It serves one form only: HTTP/2, a protobuf message, no compression. Every other form of the call, and every
// other call, is left to Connect's handler, which speaks all of them; what this one answers is what that one would.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Stream } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, type ContextValues } from "@connectrpc/connect";
import { type AppendFactRequest, AppendFactRequestSchema, AppendFactResponseSchema } from "../gen/bsfg_pb.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
type Handler = (request: Request, response: Response) => void;

/** What Connect's own context gives to a call, as far as AppendFact looks at it. */
export interface AppendContext {
  values: ContextValues;
  /** What the caller still waits; undefined when it said nothing. */
  timeoutMs(): number | undefined;
}

export interface AppendParts {
  append: (request: AppendFactRequest, context: AppendContext) => Promise<{ offset: bigint }>;
  contextValues: (request: Request) => ContextValues;
  /** Connect's. */
  others: Handler;
}

const path = "/bsfg.v1.BsfgService/AppendFact";
const plainGrpc = "application/grpc";
const contentTypes = [plainGrpc, "application/grpc+proto"];
/** As Connect's own limit would be far above it: a fact is small. */
const messageMax = 4 * 1024 * 1024;
const prefixLength = 5;

/** A handler that serves this form of AppendFact itself and hands on everything else. */
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

/** What a wrong zone answers with: gRPC by its short name is no content type that it knows. */
export function refusingPlainGrpc(next: Handler): Handler {
  return (request, response) => {
    if (request.headers["content-type"] !== plainGrpc) return next(request, response);
    response.statusCode = 415;
    response.end();
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

/** Bytes that are no such message were refused before anything was done. */
function asRefusal(thrown: unknown): ConnectError {
  return thrown instanceof ConnectError ? thrown : new ConnectError("not a message of this call", Code.InvalidArgument);
}

const units: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** gRPC's header grpc-timeout in milliseconds, e.g. "250m"; one that cannot be read counts as none. */
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

/** Trailers only, as gRPC has it for a call without a message. */
function refuse(response: Http2ServerResponse, contentType: string, { code, rawMessage }: ConnectError): void {
  if (response.stream.destroyed || response.headersSent) return;
  const status = { "grpc-status": String(code), "grpc-message": encodeURIComponent(rawMessage) };
  response.writeHead(200, { "content-type": contentType, ...status });
  response.end();
}
