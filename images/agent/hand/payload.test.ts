// Claims about the digest of a stored payload.

import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { factNumber } from "../client/fact.ts";
import { payloadDigest } from "./payload.ts";

const fact = factNumber(3, { seed: 1, name: "client" });
const { subject, predicate, objectJson } = fact;
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe("the digest of a stored fact", () => {
  it("is the client's, in whichever of the JSON shapes it is stored", () => {
    expect(payloadDigest(bytes({ envelope: {}, fact: { subject, predicate, objectJson } }))).toBe(fact.digest);
    expect(payloadDigest(bytes({ subject, predicate, object_json: objectJson }))).toBe(fact.digest);
  });

  it("is the client's when the payload is the canonical text itself", () => {
    expect(payloadDigest(Buffer.from(`${subject}\n${predicate}\n${objectJson}`))).toBe(fact.digest);
  });

  it("changes with a single bit of the payload", () => {
    const flipped = bytes({ fact: { subject, predicate, objectJson } });
    flipped[20]! ^= 1;
    expect(payloadDigest(flipped)).not.toBe(fact.digest);
  });

  it("is over the bytes when there is no fact in them", () => {
    const payload = Buffer.from([0, 1, 2]);
    expect(payloadDigest(payload)).toBe(createHash("sha256").update(payload).digest("hex"));
  });
});
