// The content of test artifacts, and how it is recognised.

import { describe, expect, it } from "@jest/globals";
import { contentOf, needlesOf } from "./artifact-content.ts";

const content = contentOf({ seed: "a", bytes: 65_536 });
const isIn = (hay: Buffer) => needlesOf(content).some((needle) => hay.includes(needle));

describe("a test artifact", () => {
  it("follows from its seed and shares nothing with another's", () => {
    expect(content).toHaveLength(65_536);
    expect(contentOf({ seed: "a", bytes: 65_536 }).equals(content)).toBe(true);
    expect(isIn(contentOf({ seed: "b", bytes: 65_536 }))).toBe(false);
  });

  it("is recognised as bytes, in hex and in base64, at any place", () => {
    expect(isIn(Buffer.concat([Buffer.from("head"), content]))).toBe(true);
    expect(isIn(Buffer.from(content.toString("hex")))).toBe(true);
    for (const lead of ["", "x", "xx"])
      expect(isIn(Buffer.from(Buffer.concat([Buffer.from(lead), content]).toString("base64")))).toBe(true);
  });

  it("is recognised in pieces", () => {
    const pieces = Array.from({ length: 64 }, (_, place) => content.subarray(place * 1_024, (place + 1) * 1_024));
    expect(pieces.filter(isIn).length).toBeGreaterThan(4);
  });
});
