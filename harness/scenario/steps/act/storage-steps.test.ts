// Steps on the storage of nodes: marks that only their own node may see, and a backup of artifacts.

import { describe, expect, it } from "@jest/globals";
import { during, useFakeClock } from "#scenario/fakes/fake-clock.ts";
import { type FakeContext, fakeContext, marksOf } from "#scenario/fakes/fake-context.ts";
import type { Step } from "#spec/steps.ts";
import { takeStep } from "../registry.ts";

useFakeClock();

const taken = (context: FakeContext, step: Step) => during(0, takeStep(context, step));

async function withPrograms(code = 0): Promise<FakeContext> {
  const context = await fakeContext();
  context.fake.answers["write-files"] = () => ({ bytes: 5 });
  context.fake.answers["run-inside"] = () => ({ code, stdout: "3\n", stderr: "tar: no space left" });
  return context;
}

describe("mark-storage", () => {
  it("writes into each folder of each node before it lists any, and removes every mark", async () => {
    const context = await withPrograms();
    await taken(context, { step: "mark-storage" });
    expect(context.fake.askedFor).toEqual([
      ...Array.from({ length: 5 }, () => "write-files"),
      ...Array.from({ length: 5 }, () => "files"),
      ...Array.from({ length: 5 }, () => "run-inside"),
    ]);
    const paths = context.fake.asked.flatMap((one) =>
      one.do === "write-files" ? one.files.map(({ path }) => path) : [],
    );
    expect(new Set(paths).size).toBe(5);
    const removed = context.fake.asked.flatMap((one) => (one.do === "run-inside" ? [one.argv.at(-1)!] : []));
    for (const [place, path] of paths.entries()) expect(removed[place]).toMatch(new RegExp(`/root${path}$`));
  });
});

describe("a backup of artifacts", () => {
  it("is taken from one node and put on the active one", async () => {
    const context = await withPrograms();
    await taken(context, { step: "back-up-artifacts", node: "beta" });
    await taken(context, { step: "restore-artifacts" });
    expect(marksOf(context, "backed-up")).toEqual([{ node: "beta", files: 3 }]);
    expect(marksOf(context, "backup-restored")).toEqual([{ node: "alpha", files: 3 }]);
  });

  it("is put nowhere when no node is active", async () => {
    const context = await withPrograms();
    context.fake.activate(undefined);
    await taken(context, { step: "restore-artifacts" });
    expect(marksOf(context, "backup-restored")).toEqual([{ isTimedOut: true, saw: "no node was active" }]);
  });

  it("that cannot be made is trouble of the harness", async () => {
    const context = await withPrograms(2);
    await expect(taken(context, { step: "back-up-artifacts", node: "alpha" })).rejects.toThrow(/tar on alpha ended/);
  });
});
