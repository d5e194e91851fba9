// The digest and the message id of a stored fact, computed from its payload instead of read from its headers. Pure.

import { createHash } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { AppendFactRequestSchema } from "../../node/gen/bsfg_pb.ts";

/** SHA-256 of the payload, lower-case hex: the client's digest where the payload is the message that it sent. */
export function payloadDigest(payload: Uint8Array): string {
  return createHash("sha256").update(payload).digest("hex");
}

/** The message id in an AppendFactRequest; empty for any other payload. */
export function payloadMessageId(payload: Uint8Array): string {
  try {
    return fromBinary(AppendFactRequestSchema, payload).envelope?.messageId ?? "";
  } catch {
    return "";
  }
}
