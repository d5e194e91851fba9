// Every change at every place of the recorded histories, by the command itself: in a process of its own it takes a
// third of the time that it takes inside Jest. fixtures/known-misses.yaml lists the changes that no rule finds yet.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { repository } from "#base/repository.ts";
import type { proofData } from "./proof-text.ts";
import { changes } from "./registry.ts";

type Proof = ReturnType<typeof proofData>;

const command = join(repository, "harness/cli/cli.ts");
/** A backstop. It takes 45 s alone on two cores, and took more than 180 s beside 25 runnable tasks. */
const deadlineMs = 600_000;
const outputMax = 64e6;

async function prove(): Promise<Proof> {
  const argv = [command, "prove", "--histories", "--json"];
  // It exits with 1 when a miss is not known: the tests say which.
  const run = promisify(execFile)(process.execPath, argv, { timeout: deadlineMs, maxBuffer: outputMax });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return JSON.parse(stdout) as Proof;
}

describe("changed histories", () => {
  let proof: Proof;

  beforeAll(async () => {
    proof = await prove();
  }, deadlineMs);

  it("are found by the entries that they name, but for the known misses", () => {
    const unknown = proof.groups.filter(({ missed, isKnown }) => missed > 0 && !isKnown);
    expect(unknown.map(({ change, entry, missedAt }) => ({ change, entry, at: missedAt[0] }))).toEqual([]);
  });

  it("leave no known miss that is found at every place by now", () => {
    expect(proof.stale.map(({ change, entry }) => `${change} by ${entry}`)).toEqual([]);
  });

  it("are more than 200 pairs of a change and an entry that is broken or unknown at every place", () => {
    expect(proof.groups.filter(({ missed }) => missed === 0).length).toBeGreaterThan(200);
  });

  it("are all possible somewhere", () => {
    const used = new Set(proof.groups.map(({ change }) => change));
    expect(changes.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});

describe("the registry of changes", () => {
  it("has each name once", () => {
    const names = changes.map(({ name }) => name);
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });
});
