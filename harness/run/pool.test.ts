// The pool: how many jobs run at once, in which order they start, and what happens to one that throws.

import { expect, it } from "@jest/globals";
import { runPool } from "./pool.ts";

it("starts jobs in order, never more than its width at once", async () => {
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const results = await runPool([1, 2, 3, 4, 5], 2, async (item) => {
    started.push(item);
    most = Math.max(most, ++running);
    await Promise.resolve();
    running -= 1;
    return 10 * item;
  });
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
  expect(results.map((one) => one.status === "fulfilled" && one.value)).toEqual([10, 20, 30, 40, 50]);
});

it("goes on after a job that throws, and reports it in its place", async () => {
  const results = await runPool(["a", "b", "c"], 1, (item) =>
    item === "b" ? Promise.reject(new Error("b failed")) : Promise.resolve(item),
  );
  expect(results).toEqual([
    { status: "fulfilled", value: "a" },
    { status: "rejected", reason: new Error("b failed") },
    { status: "fulfilled", value: "c" },
  ]);
});

it("has nothing to do without jobs", async () => {
  expect(await runPool([], 4, () => Promise.reject(new Error("it ran")))).toEqual([]);
});
