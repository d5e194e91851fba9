// Steps that start together, and failures that wait for the others.

import { describe, expect, it } from "@jest/globals";
import { allOf, barrier } from "./together.ts";

describe("a barrier", () => {
  it("holds each caller until all have come", async () => {
    const passed: string[] = [];
    const come = barrier(2);
    const first = come().then(() => passed.push("first"));
    await Promise.resolve();
    expect(passed).toEqual([]);
    await come();
    await first;
    expect(passed).toEqual(["first"]);
  });
});

describe("waiting for all", () => {
  it("throws the first failure only after the others have ended", async () => {
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    let hasFailed = false;
    const all = allOf([Promise.reject(new Error("broken")), slow]).catch((error: Error) => {
      hasFailed = true;
      return error.message;
    });
    await Promise.resolve();
    expect(hasFailed).toBe(false);
    resolve();
    expect(await all).toBe("broken");
  });
});
