// Which sentences count as a claim of recovery to any instant, and which as a denial.

import { describe, expect, it } from "@jest/globals";
import { instantClaims } from "./instant-claims.ts";

describe("a sentence about recovery to any instant", () => {
  it.each([
    "The zone offers point-in-time recovery.",
    "Snapshots are taken; restore the zone to any point in time.",
    "PITR is supported.",
    "| restore | rolls back to any moment of the last week |",
    "The facts can be recovered to an arbitrary\ninstant.",
  ])("is found: %s", (text) => {
    expect(instantClaims(text).claims).toHaveLength(1);
  });

  it.each([
    "There is no point-in-time recovery.",
    "A restore cannot go to any point in time.",
    "Nothing here restores the zone to any instant.",
  ])("is a denial: %s", (text) => {
    expect(instantClaims(text)).toEqual({ claims: [], denials: 1 });
  });

  it.each(["A client may call at any moment.", "A snapshot is the state of one moment.", ""])(
    "is not there: %s",
    (text) => {
      expect(instantClaims(text)).toEqual({ claims: [], denials: 0 });
    },
  );

  it("is judged alone, whatever the sentence before it denies", () => {
    expect(instantClaims("Nothing is lost. Restore to any point in time.").claims).toEqual([
      "Restore to any point in time.",
    ]);
  });
});
