// Tests of the semaphore: places are never more than promised, and are given on.

import { describe, expect, it } from "@jest/globals";
import { Semaphore } from "./semaphore.ts";

describe("Semaphore", () => {
  it("lets no more in than it has places, and gives a place on once", async () => {
    const semaphore = new Semaphore(1);
    const first = await semaphore.enter();
    let isSecondIn = false;
    const second = semaphore.enter().then((held) => {
      isSecondIn = true;
      return held;
    });
    await Promise.resolve();
    expect(isSecondIn).toBe(false);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    const held = await second;
    let isThirdIn = false;
    void semaphore.enter().then(() => (isThirdIn = true));
    await Promise.resolve();
    expect(isThirdIn).toBe(false);
    held[Symbol.dispose]();
    await Promise.resolve();
    await Promise.resolve();
    expect(isThirdIn).toBe(true);
  });
});
