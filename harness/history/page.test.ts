// Pages are written short and read back as the facts that were served, in their order.

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { factsOf, isDigestOf, packedPage } from "./page.ts";

const digest = fc
  .array(fc.constantFrom("0", "1", "9", "a", "f"), { minLength: 64, maxLength: 64 })
  .map((all) => all.join(""));
const facts = fc.array(fc.record({ offset: fc.integer({ min: 1, max: 12 }), digest }));

describe("a page", () => {
  it("gives back each offset and the beginning of each digest, in any order", () => {
    fc.assert(
      fc.property(facts, (served) => {
        const read = factsOf(JSON.parse(JSON.stringify(packedPage(served))) as ReturnType<typeof packedPage>);
        expect(read.map(({ offset }) => offset)).toEqual(served.map(({ offset }) => offset));
        read.forEach((one, place) => expect(isDigestOf(served[place]!.digest, one.digest)).toBe(true));
      }),
    );
  });

  it("is one stretch for consecutive offsets", () => {
    expect(packedPage([1, 2, 3, 7].map((offset) => ({ offset, digest: "ab".repeat(32) })))).toHaveLength(2);
  });

  it("of an older history is read as it stands", () => {
    const page = [{ offset: 4, digest: "ab".repeat(32) }];
    expect(factsOf(page)).toEqual(page);
  });

  it("does not take a fact for another one", () => {
    expect(isDigestOf(`${"a".repeat(15)}b${"0".repeat(48)}`, "a".repeat(16))).toBe(false);
    expect(isDigestOf("00000001", "00000002".padEnd(16, "0"))).toBe(false);
    expect(isDigestOf("00000001", "00000001".padEnd(16, "0"))).toBe(true);
  });
});
