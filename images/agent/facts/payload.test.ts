// The digest of a stored payload.

import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { AppendFactRequestSchema } from "../../node/gen/bsfg_pb.ts";
import { digestOf, factNumber, withOtherPayload } from "./fact.ts";
import { payloadDigest, payloadMessageId } from "./payload.ts";

const { messageId, ...fact } = factNumber(3, { seed: 1, name: "client" });
const envelope = { messageId, fromZone: "a-bsfg", toZone: "b-bsfg", producedAtUnixMs: 1n };
const message = create(AppendFactRequestSchema, { envelope, fact });
const stored = () => toBinary(AppendFactRequestSchema, message);

describe("the digest of a stored fact", () => {
  it("is the client's for the message that it sent", () => {
    expect(payloadDigest(stored())).toBe(digestOf(message));
  });

  it("changes with a single bit of the payload", () => {
    for (let bit = 0; bit < stored().length * 8; bit += 1) {
      const flipped = stored();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(payloadDigest(flipped)).not.toBe(digestOf(message));
    }
  });

  it.each([{ producedAtUnixMs: 2n }, { toZone: "c-bsfg" }, { fromZone: "c-bsfg" }, { messageId: "m" }])(
    "covers the envelope: %p",
    (differs) => {
      const other = create(AppendFactRequestSchema, { envelope: { ...envelope, ...differs }, fact });
      expect(digestOf(other)).not.toBe(digestOf(message));
    },
  );

  it("comes with the message id that the payload itself names", () => {
    expect(payloadMessageId(stored())).toBe(messageId);
    expect(payloadMessageId(Buffer.from([0, 1, 2]))).toBe("");
  });
});

describe("another payload", () => {
  it("keeps the envelope and differs in one field of the fact, each in turn", () => {
    const others = [0, 1, 2].map((turn) => withOtherPayload(message, turn));
    for (const other of others) expect(other.envelope).toEqual(message.envelope);
    const differing = others.map(({ fact: other }) =>
      (["subject", "predicate", "objectJson"] as const).filter((name) => other?.[name] !== fact[name]),
    );
    expect(differing).toEqual([["objectJson"], ["predicate"], ["subject"]]);
  });

  it.each([3, 4, 39])("differs in one character of fact %i and keeps its length and its JSON", (n) => {
    const { objectJson, ...others } = factNumber(n, { seed: 1, name: "client" });
    const sent = create(AppendFactRequestSchema, { envelope, fact: { ...others, objectJson } });
    const text = withOtherPayload(sent, 0).fact?.objectJson ?? "";
    const units = Array.from({ length: text.length }, (_, place) => place);
    expect(text).toHaveLength(objectJson.length);
    expect(units.filter((place) => text[place] !== objectJson[place])).toHaveLength(1);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

describe("facts", () => {
  it("are altered by whoever parses their object and writes it again", () => {
    const { objectJson } = factNumber(3, { seed: 1, name: "client" });
    expect(JSON.stringify(JSON.parse(objectJson))).not.toBe(objectJson);
  });
});
