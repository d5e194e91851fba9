// The semaphore never gives more slots than it has, and passes a free slot on.

import { describe, expect, it } from "@jest/globals";
import { Semaphore } from "./semaphore.ts";

describe("Semaphore", () => {
  it("admits no more tasks than it has slots, and passes each slot on once", async () => {
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
