// The digest of a stored fact, worked out from its payload rather than believed from its header, and its message id.
// Pure.

import { createHash } from "node:crypto";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { AppendFactRequestSchema } from "../../node/gen/bsfg_pb.ts";
import { digestOf } from "./fact.ts";

/**
 * A payload that is an AppendFactRequest gives the digest that its client computed; any other gives the SHA-256 of
 * its bytes, so that a vendor who stores the canonical text itself is read right too. Lower-case hex.
 */
export function payloadDigest(payload: Uint8Array): string {
  const fact = factIn(payload);
  return fact
    ? digestOf(fact.subject, fact.predicate, fact.objectJson)
    : createHash("sha256").update(payload).digest("hex");
}

/** The message id inside a payload that is an AppendFactRequest; empty for any other. */
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
    // A flipped bit can leave a message that still decodes; what does not encode back to the same bytes is not one.
    const isSound = Buffer.from(payload).equals(toBinary(AppendFactRequestSchema, request));
    return isSound ? request : undefined;
  } catch {
    return undefined;
  }
}
