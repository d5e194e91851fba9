// Suggestions: what counts as a typing error, and what does not.

import { describe, expect, it } from "@jest/globals";
import { nearest } from "./nearest.ts";

const known = ["FAIL-1", "FAIL-2", "TIME-1", "alpha-isolated", "gamma-isolated", "snapshot-restored"];

describe("the nearest names", () => {
  it.each([
    ["FAIL1", ["FAIL-1"]],
    ["fail-2", ["FAIL-2"]],
    ["FAIL-9", ["FAIL-1", "FAIL-2"]],
    ["alpha_isolated", ["alpha-isolated"]],
    ["alpha-isolatd", ["alpha-isolated"]],
    ["apl", []],
    ["TMIE-1", ["TIME-1"]],
    ["restored-snapshot", []],
    ["", []],
  ])("of %j are %j", (word, names) => {
    expect(nearest(word, known)).toEqual(names);
  });
});
