// The digest and the message id of a stored fact, computed from its payload instead of read from its headers. Pure.

import { createHash } from "node:crypto";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { AppendFactRequestSchema } from "../../node/gen/bsfg_pb.ts";
import { digestOf } from "./fact.ts";

/**
 * An AppendFactRequest gives the digest that its client computed. Any other payload gives the SHA-256 of its bytes,
 * which is right for a vendor that stores the canonical text itself. Lower-case hex.
 */
export function payloadDigest(payload: Uint8Array): string {
  const fact = factIn(payload);
  return fact
    ? digestOf(fact.subject, fact.predicate, fact.objectJson)
    : createHash("sha256").update(payload).digest("hex");
}

/** The message id in an AppendFactRequest; empty for any other payload. */
export function payloadMessageId(payload: Uint8Array): string {
  return requestIn(payload)?.envelope?.messageId ?? "";
}

function factIn(payload: Uint8Array) {
  const fact = requestIn(payload)?.fact;
  return fact?.subject ? fact : undefined;
}

function requestIn(payload: Uint8Array) {
  try {
    const request = fromBinary(AppendFactRequestSchema, payload);
    // A message with a flipped bit may still decode. It is sound only if it encodes to the same bytes again.
    const isSound = Buffer.from(payload).equals(toBinary(AppendFactRequestSchema, request));
    return isSound ? request : undefined;
  } catch {
    return undefined;
  }
}
