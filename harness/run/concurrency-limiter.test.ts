// When the limiter opens a slot and when it closes one, from given readings.

import { availableParallelism } from "node:os";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ConcurrencyLimiter, nextAllowed, type Reading, type Slot } from "./concurrency-limiter.ts";
import type { CpuCount } from "./cpu-demand.ts";

const idle = { runnablePerCore: 0.8, idle: 0.6 };
const busy = { runnablePerCore: 9, idle: 0.01 };
const calm: Reading = { allowed: 2, taken: 2, lately: idle, lasting: idle, sinceChangeMs: 20_000, settleMs: 12_000 };
const needed = () => true;

describe("the concurrency limiter", () => {
  it("opens one more slot while cores are idle, up to the width", () => {
    expect(nextAllowed(calm, 5)).toBe(3);
    expect(nextAllowed({ ...calm, allowed: 5, taken: 5 }, 5)).toBe(5);
  });

  it("opens none while a slot is free, or while the cost of the last zone was seen too briefly", () => {
    expect(nextAllowed({ ...calm, taken: 1 }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, sinceChangeMs: 2_000 }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, settleMs: 24_000 }, 5)).toBe(2);
  });

  it("closes one where too many tasks wait for a core, one after the other, and never the last", () => {
    const contended = { ...calm, allowed: 4, taken: 4, lately: busy, lasting: busy };
    expect(nextAllowed(contended, 5)).toBe(3);
    expect(nextAllowed({ ...contended, allowed: 3 }, 5)).toBe(3);
    expect(nextAllowed({ ...contended, allowed: 1, taken: 1 }, 5)).toBe(1);
  });

  it("closes none for some busy seconds, or for tasks that wait while cores have idle time", () => {
    expect(nextAllowed({ ...calm, lately: busy }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, lately: busy, lasting: undefined }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, lately: busy, lasting: { runnablePerCore: 5, idle: 0.15 } }, 5)).toBe(2);
  });

  it("opens none where there is little idle time, or many tasks wait", () => {
    expect(nextAllowed({ ...calm, lately: { runnablePerCore: 1, idle: 0.2 } }, 5)).toBe(2);
    expect(nextAllowed({ ...calm, lately: { runnablePerCore: 5, idle: 0.5 } }, 5)).toBe(2);
  });

  it("has all slots from the start when fixed, and a released one is taken again", async () => {
    using limiter = new ConcurrencyLimiter(2, { isFixed: true });
    const { signal } = new AbortController();
    const first = await limiter.acquire(needed, signal);
    using second = await limiter.acquire(needed, signal);
    expect(second?.isExcess).toBe(false);
    const third = limiter.acquire(needed, signal);
    first?.[Symbol.dispose]();
    using slot = await third;
    expect(slot).toBeDefined();
    expect(await limiter.acquire(() => false, signal)).toBeUndefined();
  });

  it("gives no slot after the run was interrupted, though one is free", async () => {
    using limiter = new ConcurrencyLimiter(2, { isFixed: true });
    await expect(limiter.acquire(needed, AbortSignal.abort(new Error("ended")))).rejects.toThrow("ended");
  });

  it("serves a pair before single zones that came later, and alone where two never fit", async () => {
    using limiter = new ConcurrencyLimiter(2, { isFixed: true });
    const { signal } = new AbortController();
    const first = await limiter.acquire(needed, signal);
    const pair = limiter.acquire(needed, signal, 2);
    const single = limiter.acquire(needed, signal);
    first?.[Symbol.dispose]();
    const slot = await pair;
    expect(await Promise.race([single, Promise.resolve("waits")])).toBe("waits");
    slot?.[Symbol.dispose]();
    (await single)?.[Symbol.dispose]();
    using narrow = new ConcurrencyLimiter(1, { isFixed: true });
    using alone = await narrow.acquire(needed, signal, 2);
    expect(alone).toBeDefined();
  });
});

describe("a limiter that watches the machine", () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }));
  afterEach(() => void jest.useRealTimers());

  const cores = availableParallelism();
  const first = Math.max(2, Math.ceil(1.5 * cores));

  /** A kernel that counts 100 ticks a reading: so many of them idle, and so many tasks that want each core. */
  function machine(): { count: () => CpuCount; idlePer100: number; runnablePerCore: number } {
    const now = { all: 0, idle: 0, niced: 0 };
    const kernel = {
      idlePer100: 60,
      runnablePerCore: 1,
      count: (): CpuCount => {
        now.all += 100;
        now.idle += kernel.idlePer100;
        return { ...now, runnable: kernel.runnablePerCore * cores };
      },
    };
    return kernel;
  }

  async function take(limiter: ConcurrencyLimiter, count: number): Promise<Slot[]> {
    const { signal } = new AbortController();
    const taken = Array.from({ length: count }, () => limiter.acquire(needed, signal));
    await jest.advanceTimersByTimeAsync(0);
    return (await Promise.all(taken)).flatMap((slot) => (slot ? [slot] : []));
  }

  it("opens a further slot once the machine was idle for a while", async () => {
    using limiter = new ConcurrencyLimiter(first + 1, { isFixed: false, count: machine().count });
    await take(limiter, first);
    const further = limiter.acquire(needed, new AbortController().signal);
    await jest.advanceTimersByTimeAsync(6_000);
    expect(await Promise.race([further, Promise.resolve("waits")])).toBe("waits");
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await further).toMatchObject({ isExcess: false });
  });

  it("marks slots as excess when too many tasks wait for long, and waits twice as long before it opens one again", async () => {
    const kernel = machine();
    using limiter = new ConcurrencyLimiter(first + 1, { isFixed: false, count: kernel.count });
    const [slot, ...others] = await take(limiter, first);
    Object.assign(kernel, { idlePer100: 0, runnablePerCore: 9 });
    await jest.advanceTimersByTimeAsync(26_000);
    expect(slot?.isExcess).toBe(true);
    slot?.[Symbol.dispose]();
    expect(others[0]?.isExcess ?? false).toBe(false);
    Object.assign(kernel, { idlePer100: 90, runnablePerCore: 0 });
    const again = limiter.acquire(needed, new AbortController().signal);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(await Promise.race([again, Promise.resolve("waits")])).toBe("waits");
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await again).toBeDefined();
  });

  it("opens all slots where the kernel does not count", async () => {
    using limiter = new ConcurrencyLimiter(first + 5, { isFixed: false, count: () => undefined });
    expect(await take(limiter, first + 5)).toHaveLength(first + 5);
  });
});
