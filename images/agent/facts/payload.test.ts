// The digest of a stored payload.

import { createHash } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { AppendFactRequestSchema } from "../../node/gen/bsfg_pb.ts";
import { factNumber } from "./fact.ts";
import { payloadDigest, payloadMessageId } from "./payload.ts";

const fact = factNumber(3, { seed: 1, name: "client" });
const { subject, predicate, objectJson } = fact;
const stored = () =>
  toBinary(AppendFactRequestSchema, create(AppendFactRequestSchema, { fact: { subject, predicate, objectJson } }));

describe("the digest of a stored fact", () => {
  it("is the client's for a stored request", () => {
    expect(payloadDigest(stored())).toBe(fact.digest);
  });

  it("is the client's for the canonical text", () => {
    expect(payloadDigest(Buffer.from(`${subject}\n${predicate}\n${objectJson}`))).toBe(fact.digest);
  });

  it("changes with a single bit of the payload", () => {
    for (let bit = 0; bit < stored().length * 8; bit += 1) {
      const flipped = stored();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(payloadDigest(flipped)).not.toBe(fact.digest);
    }
  });

  it("covers the bytes when they hold no fact", () => {
    const payload = Buffer.from([0, 1, 2]);
    expect(payloadDigest(payload)).toBe(createHash("sha256").update(payload).digest("hex"));
  });

  it("comes with the message id that the payload itself names", () => {
    const envelope = { messageId: "m-1", fromZone: "a-bsfg", toZone: "b-bsfg", producedAtUnixMs: 1n };
    const request = create(AppendFactRequestSchema, { envelope, fact: { subject, predicate, objectJson } });
    expect(payloadMessageId(toBinary(AppendFactRequestSchema, request))).toBe("m-1");
    expect(payloadMessageId(Buffer.from([0, 1, 2]))).toBe("");
  });
});
