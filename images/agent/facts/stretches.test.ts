// Stretches of numbers.

import { describe, expect, it } from "@jest/globals";
import { stretchesOf } from "./stretches.ts";

describe("stretches", () => {
  it("join consecutive numbers, given in any order, and keep gaps", () => {
    expect(stretchesOf([7, 3, 1, 2, 9, 8])).toEqual([
      [1, 3],
      [7, 9],
    ]);
  });

  it("hold a number once, and are empty without numbers", () => {
    expect(stretchesOf([4, 4, 5])).toEqual([[4, 5]]);
    expect(stretchesOf([])).toEqual([]);
  });
});
