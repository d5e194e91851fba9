// Which properties are left out, and the type that results.

import { describe, expect, it } from "@jest/globals";
import { defined } from "./defined.ts";

describe("defined", () => {
  it("drops undefined and nothing else that is false", () => {
    expect(Object.entries(defined({ a: undefined, b: null, c: 0, d: "", e: false }))).toEqual([
      ["b", null],
      ["c", 0],
      ["d", ""],
      ["e", false],
    ]);
  });

  it("gives optional properties to a type that takes no undefined", () => {
    const maybe = (value: string | undefined): { name: string; out?: string } => defined({ name: "a", out: value });
    expect([maybe(undefined), maybe("/e")]).toEqual([{ name: "a" }, { name: "a", out: "/e" }]);
  });
});
