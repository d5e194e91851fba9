// One unary gRPC call on an open HTTP/2 session: message framing, trailers, and the outcome of a missing answer. It
// neither connects nor retries.

import { type ClientHttp2Stream, constants } from "node:http2";
import { type DescMessage, type MessageShape, fromBinary, toBinary } from "@bufbuild/protobuf";
import { nowNs } from "#base/clock.ts";
import { type Outcome, outcomeNamed, rpcOutcome, streamOutcome } from "#protocol/outcome.ts";
import type { Session } from "./dialer.ts";

export interface Method<I extends DescMessage, O extends DescMessage> {
  name: string;
  input: I;
  output: O;
}

export interface Reply<T> {
  outcome: Outcome;
  message?: T;
}

/** Largest answer accepted, so that a broken server cannot fill the memory. A page of facts is far smaller. */
const replyMax = 4 * 1024 * 1024;
const prefixLength = 5;

/** One length-prefixed gRPC message, uncompressed. */
export function frame(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(prefixLength + message.length);
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, prefixLength);
  return bytes;
}

/** The message in a complete answer body; undefined unless it is exactly one uncompressed message. */
export function unframe(body: Buffer): Buffer | undefined {
  if (body.length < prefixLength || body[0] !== 0) return undefined;
  return body.readUInt32BE(1) === body.length - prefixLength ? body.subarray(prefixLength) : undefined;
}

/**
 * Makes one call. Never rejects: the outcome says how it ended. After `timeoutMs` it is `call-timeout`, and the stream
 * is closed.
 */
export function callUnary<I extends DescMessage, O extends DescMessage>(
  session: Session,
  method: Method<I, O>,
  options: { message: MessageShape<I>; timeoutMs: number },
): Promise<Reply<MessageShape<O>>> {
  let stream: ClientHttp2Stream;
  try {
    stream = session.http2.request({
      ":method": "POST",
      ":path": `/bsfg.v1.BsfgService/${method.name}`,
      "content-type": "application/grpc+proto",
      te: "trailers",
    });
  } catch {
    // The session is closing: nothing was sent.
    return Promise.resolve({ outcome: outcomeNamed("not-connected") });
  }
  const answer = collect(stream, method.output, { session, timeoutMs: options.timeoutMs });
  stream.end(frame(toBinary(method.input, options.message)));
  return answer;
}

function collect<O extends DescMessage>(
  stream: ClientHttp2Stream,
  output: O,
  { session, timeoutMs }: { session: Session; timeoutMs: number },
): Promise<Reply<MessageShape<O>>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status: number | undefined;
    let httpStatus = 0;
    let isWhole = false;
    const settle = (reply: Reply<MessageShape<O>>) => {
      clearTimeout(timer);
      resolve(reply);
    };
    const timer = setTimeout(() => {
      settle({ outcome: outcomeNamed("call-timeout") });
      stream.close(constants.NGHTTP2_CANCEL);
    }, timeoutMs);
    const readStatus = (headers: Record<string, unknown>) => {
      session.heardNs = nowNs();
      if (headers["grpc-status"] !== undefined) status = Number(headers["grpc-status"]);
    };
    stream.on("response", (headers) => {
      httpStatus = Number(headers[":status"]);
      readStatus(headers);
    });
    stream.on("trailers", readStatus);
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= replyMax) chunks.push(chunk);
      else stream.close(constants.NGHTTP2_CANCEL);
    });
    stream.on("end", () => (isWhole = httpStatus !== 0));
    stream.on("error", () => {
      // "close" follows and settles.
    });
    stream.on("close", () => {
      if (status === 0) return settle(decode(output, Buffer.concat(chunks)));
      if (status !== undefined) return settle({ outcome: rpcOutcome(status) });
      if (isWhole && httpStatus !== 200) return settle({ outcome: outcomeNamed("http-status") });
      const isLost = session.http2.destroyed || session.http2.closed;
      settle({ outcome: isWhole && !isLost ? outcomeNamed("bad-reply") : streamOutcome(stream.rstCode ?? 0, isLost) });
    });
  });
}

function decode<O extends DescMessage>(output: O, body: Buffer): Reply<MessageShape<O>> {
  const message = unframe(body);
  if (!message) return { outcome: outcomeNamed("bad-reply") };
  try {
    return { outcome: { type: "ok" }, message: fromBinary(output, message) };
  } catch {
    return { outcome: outcomeNamed("bad-reply") };
  }
}
