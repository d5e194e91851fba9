// When another zone is let in and when one is asked to go, from readings that are given.

import { describe, expect, it } from "@jest/globals";
import { nextAllowed, type Reading, ConcurrencyLimiter } from "./concurrency-limiter.ts";

const idle = { runnablePerCore: 0.8, idle: 0.6 };
const busy = { runnablePerCore: 9, idle: 0.01 };
const calm: Reading = { allowed: 2, taken: 2, lately: idle, lasting: idle, sinceChangeMs: 20_000, settleMs: 12_000 };
const needed = () => true;

describe("room", () => {
  it("lets one more in while cores are to be had, up to the width", () => {
    expect(nextAllowed(calm, 5)).toBe(3);
    expect(nextAllowed({ ...calm, allowed: 5, taken: 5 }, 5)).toBe(5);
  });

  it("lets nobody in while the places that there are stand empty, or while it was seen too briefly what the last one costs", () => {
    expect(nextAllowed({ ...calm, taken: 1 }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, sinceChangeMs: 2_000 }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, settleMs: 24_000 }, 5)).toBe(2);
  });

  it("asks one to go where too much waits for a core, one after the other, and never the last", () => {
    const crowded = { ...calm, allowed: 4, taken: 4, lately: busy, lasting: busy };
    expect(nextAllowed(crowded, 5)).toBe(3);
    expect(nextAllowed({ ...crowded, allowed: 3 }, 5)).toBe(3);
    expect(nextAllowed({ ...crowded, allowed: 1, taken: 1 }, 5)).toBe(1);
  });

  it("asks nobody to go for a few crowded seconds, or for tasks that wait while cores are idle now and then", () => {
    expect(nextAllowed({ ...calm, lately: busy }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, lately: busy, lasting: undefined }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, lately: busy, lasting: { runnablePerCore: 5, idle: 0.15 } }, 5)).toBe(2);
  });

  it("lets nobody in where there is little idle time, or much that waits", () => {
    expect(nextAllowed({ ...calm, lately: { runnablePerCore: 1, idle: 0.2 } }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, lately: { runnablePerCore: 5, idle: 0.5 } }, 5)).toBe(2);
  });

  it("is as wide as was asked for, whatever the machine does, and a place given back is taken again", async () => {
    using limiter = new ConcurrencyLimiter(2, { isFixed: true });
    const { signal } = new AbortController();
    const first = await limiter.enter(needed, signal);
    using second = await limiter.enter(needed, signal);
    expect(second?.isUnwanted).toBe(false);
    const third = limiter.enter(needed, signal);
    first?.[Symbol.dispose]();
    using place = await third;
    expect(place).toBeDefined();
    expect(await limiter.enter(() => false, signal)).toBeUndefined();
  });

  it("lets nobody in after the run was ended, though there is room", async () => {
    using limiter = new ConcurrencyLimiter(2, { isFixed: true });
    await expect(limiter.enter(needed, AbortSignal.abort(new Error("ended")))).rejects.toThrow("ended");
  });

  it("lets a pair in before single zones that came later, and alone where there is never room for two", async () => {
    using limiter = new ConcurrencyLimiter(2, { isFixed: true });
    const { signal } = new AbortController();
    const first = await limiter.enter(needed, signal);
    const pair = limiter.enter(needed, signal, 2);
    const single = limiter.enter(needed, signal);
    first?.[Symbol.dispose]();
    const place = await pair;
    expect(await Promise.race([single, Promise.resolve("waits")])).toBe("waits");
    place?.[Symbol.dispose]();
    (await single)?.[Symbol.dispose]();
    using narrow = new ConcurrencyLimiter(1, { isFixed: true });
    using alone = await narrow.enter(needed, signal, 2);
    expect(alone).toBeDefined();
  });
});
