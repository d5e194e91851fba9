// What rot does to the bytes of a block.

import { describe, expect, it } from "@jest/globals";
import { bitsBetween, rotten } from "./rot.ts";

const block = Buffer.from(Array.from({ length: 100 }, (_, place) => place));

describe("rot", () => {
  it("flips one bit in the middle and changes nothing else", () => {
    const { bytes, at } = rotten(block, "flip");
    expect({ at, length: bytes.length, bits: bitsBetween(block, bytes) }).toEqual({ at: 50, length: 100, bits: 1 });
    expect(bytes[50]).toBe(51);
  });

  it("removes the last quarter and changes nothing before it", () => {
    const { bytes, at } = rotten(block, "cut");
    expect({ at, length: bytes.length, bits: bitsBetween(block, bytes) }).toEqual({ at: 75, length: 75, bits: 0 });
  });

  it("refuses an empty block", () => {
    expect(() => rotten(Buffer.alloc(0), "flip")).toThrow("holds no message");
  });
});
