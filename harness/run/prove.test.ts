// Which mutants a selection names, which findings a proof rests on, and how many mutants run at once.

import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { availableParallelism } from "node:os";
import { delay } from "#base/clock.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import type { Finding } from "#spec/verdict.ts";
import type { Environment } from "#zone/environment.ts";
import type { CpuCount } from "./cpu-demand.ts";
import { mutantNames, readMutant } from "./mutants.ts";
import { findingsThatCount, type ProveParts, prove, selectMutants } from "./prove.ts";
import { entryIds } from "./read-catalogue.ts";

describe("a selection of mutants", () => {
  it("is by suite and entry, and all without either", () => {
    expect(selectMutants([], []).length).toBeGreaterThan(90);
    expect(selectMutants(["failure"], ["FAIL-1"]).map(({ entry }) => entry)).toContain("FAIL-1");
  });

  it("takes the name of a mutant, so that one of several of an entry can run alone", () => {
    const words = entryIds(["time-1-no-hold-down", "alpha-isolated"], mutantNames());
    const names = selectMutants([], words).map(({ name }) => name);
    expect(names).toContain("time-1-no-hold-down");
    expect(names).not.toContain("time-1-hold-down-40-s");
    expect(names.filter((name) => name.startsWith("fail-5"))).not.toEqual([]);
  });

  it("is refused when one of its words names no mutant, even if another one does", () => {
    expect(() => selectMutants(["failure", "typo"], [])).toThrow(/unknown suite "typo"/);
    expect(() => selectMutants([], ["FAIL-1", "NET-99"])).toThrow(/no mutant for NET-99/);
    expect(() => selectMutants(["failure"], ["FAIL-1", "SEC-1"])).toThrow(/for SEC-1 in suite failure/);
  });
});

describe("the findings that a proof rests on", () => {
  const broken = (entry: string): Finding => ({ entry, verdict: "broken", because: "x", measured: {}, events: [] });
  const entriesOf = (found: Finding[]) => found.map(({ entry }) => entry);

  it("always hold those of the mutant's own entry, in every scenario of every mutant", () => {
    for (const mutant of mutantNames().map(readMutant))
      for (const name of mutant.scenarios) {
        const found = findingsThatCount([broken(mutant.entry)], mutant, scenarioNamed(mutant.suite, name));
        expect({ mutant: mutant.name, name, entries: entriesOf(found) }).toEqual({
          mutant: mutant.name,
          name,
          entries: [mutant.entry],
        });
      }
  });

  it("leave out what a rule that is asked everywhere found beside it", () => {
    const scenario = scenarioNamed("failure", "fail-1-kill");
    const found = findingsThatCount([broken("FAIL-1"), broken("NET-5")], { entry: "FAIL-1" }, scenario);
    expect(entriesOf(found)).toEqual(["FAIL-1"]);
  });
});

describe("a proof on a busy machine", () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }));
  afterEach(() => void jest.useRealTimers());

  const contended = "it took 4.0 s, and the CPU was contended, with 6.1 runnable tasks per core";
  // Without patched programs, whose build takes seconds.
  const chosen = ["net-2-monitoring-on-every-address", "net-2-nats-on-every-address", "net-3-route-list-lacks-one"];
  const found = (entry: string, verdict: Finding["verdict"], because = "x"): Finding => ({
    entry,
    verdict,
    because,
    measured: {},
    events: [],
  });

  /** A kernel that counts 100 ticks a reading. */
  function machine(idlePer100: number, runnablePerCore: number): () => CpuCount {
    const now = { all: 0, idle: 0, niced: 0 };
    return () => {
      now.all += 100;
      now.idle += idlePer100;
      return { ...now, runnable: runnablePerCore * availableParallelism() };
    };
  }

  /**
   * Proves `names` in runs of a minute that find what `answers` says. @returns the proofs, and what ran beside what.
   */
  async function proveWith(
    names: readonly string[],
    { run, count, interruptMs }: { run: (folder: string) => Finding[]; count: () => CpuCount; interruptMs?: number },
  ) {
    const folders: string[] = [];
    let running = 0;
    let most = 0;
    const parts: ProveParts = {
      count,
      run: async (_, { folder }) => {
        folders.push(folder.split("/").at(-1)!);
        running += 1;
        most = Math.max(most, running);
        await delay(60_000);
        running -= 1;
        return run(folder);
      },
    };
    const stop = new AbortController();
    const { signal } = stop;
    if (interruptMs !== undefined) void delay(interruptMs).then(() => stop.abort(new Error("interrupted")));
    const request = { suites: [], only: [...names], jobs: 3, seed: 1, folder: "/evidence", signal, onDone: () => {} };
    const proving = prove({} as Environment, request, parts);
    proving.catch(() => {});
    await jest.advanceTimersByTimeAsync(600_000);
    return { proofs: await proving, folders, most };
  }

  it("starts one zone after the other while cores are idle, up to the asked number", async () => {
    const { most } = await proveWith(chosen, { run: () => [found("NET-2", "broken")], count: machine(70, 1) });
    expect(most).toBe(3);
  });

  it.each([
    ["many tasks wait", machine(70, 3)],
    ["there is little idle time", machine(10, 1)],
  ])("runs one mutant at a time where %s, and leaves none out", async (_what, count) => {
    const { most, folders } = await proveWith(chosen, { run: () => [], count });
    expect(most).toBe(1);
    expect(folders.sort()).toEqual([...chosen].sort());
  });

  it("runs a mutant again, alone and last, when contention kept its entry from a verdict", async () => {
    const { proofs, folders } = await proveWith(chosen, {
      count: machine(70, 1),
      run: (folder) => {
        if (folder.endsWith(`${chosen[0]}-alone`)) return [found("NET-2", "broken", "it listens")];
        return folder.endsWith(chosen[0]!) ? [found("NET-2", "unknown", contended)] : [found("NET-2", "broken")];
      },
    });
    expect(folders.at(-1)).toBe(`${chosen[0]}-alone`);
    expect(folders).toHaveLength(4);
    expect(proofs[0]).toMatchObject({ isShown: true, isJudgedAlone: true, because: "broken: it listens" });
    expect(proofs[1]).toMatchObject({ isShown: true, isJudgedAlone: false });
  });

  it("gives what it has when it is interrupted, and does not judge what was running", async () => {
    const { proofs } = await proveWith(chosen, {
      count: machine(10, 1),
      run: () => [found("NET-2", "broken")],
      interruptMs: 90_000,
    });
    expect(proofs.map(({ mutant }) => mutant)).toEqual(chosen.slice(0, 1));
  });

  it("throws when it is interrupted before the first proof", async () => {
    const proving = proveWith(chosen, { count: machine(10, 1), run: () => [], interruptMs: 30_000 });
    await expect(proving).rejects.toThrow("interrupted");
  });

  it("runs a mutant again when the harness had trouble on a contended machine", async () => {
    const trouble = "the harness had trouble: [agent/lost] waited 20000 ms for the agent's observe role";
    const { proofs, folders } = await proveWith(chosen.slice(0, 1), {
      count: machine(1, 9),
      run: (folder) => [folder.endsWith("-alone") ? found("NET-2", "broken") : found("NET-2", "unknown", trouble)],
    });
    expect(folders).toHaveLength(2);
    expect(proofs[0]).toMatchObject({ isShown: true, isJudgedAlone: true });
  });

  it.each([
    ["kept", found("NET-2", "kept")],
    ["broken", found("NET-2", "broken")],
    ["unknown for another reason", found("NET-2", "unknown", "no inspection shows it")],
  ])("runs no mutant again whose entry is %s", async (_what, finding) => {
    const { proofs, folders } = await proveWith(chosen.slice(0, 1), { run: () => [finding], count: machine(70, 1) });
    expect(folders).toHaveLength(1);
    expect(proofs[0]?.isJudgedAlone).toBe(false);
  });

  it("keeps what the first run found of other entries, and stays unknown when contention goes on", async () => {
    const both = [found("NET-2", "unknown", contended), found("ROLE-1", "broken")];
    const alone = [found("NET-2", "unknown", contended)];
    const { proofs } = await proveWith(chosen.slice(0, 1), {
      count: machine(70, 1),
      run: (folder) => (folder.endsWith("-alone") ? alone : both),
    });
    expect(proofs[0]).toMatchObject({ isShown: false, isJudgedAlone: true, alsoBroken: ["ROLE-1"] });
    expect(proofs[0]?.because).toContain("unknown: it took 4.0 s");
  });
});
