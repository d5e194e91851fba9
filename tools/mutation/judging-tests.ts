// A test runner of Stryker: the tests that judge histories, in one process. All mutants are compiled into the checkers,
// and one is on at a time. To make a history costs more than to judge it, so the runner takes the tests one by one and
// tries each on every mutant that it reaches and that lives still. Stryker then asks for the results. No package of
// Stryker is imported: the shapes below are those of its plugins.

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";
import { messageOf } from "../../harness/base/errors.ts";
import type { JudgingTest } from "./jest-globals.ts";
import { forgetCaches, loadTests } from "./load-tests.ts";

interface MutantRun {
  activeMutant: { id: string };
  /** Static: the mutant is on while the files are loaded too. */
  mutantActivation: "runtime" | "static";
}

/** What the instrumented checkers read and write. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

interface Kill {
  test: string;
  message: string;
}

const switchboard = ((globalThis as Record<string, unknown>)["__stryker__"] ??= {}) as Switchboard;
/** In the copy of the tree in which Stryker runs. */
const killsFile = "kills.json";
const progressFile = new URL("../../.triad/mutation/progress.log", import.meta.url);
/** A loop that a mutant made endless reaches its own condition, which throws at this many times the usual hits. */
const hitsFactor = 100;
const testTimeoutMs = 60_000;

class JudgingTests {
  #kills: Record<string, Kill> | undefined;

  capabilities() {
    // A mutant that acts while files are loaded gets a process of its own below.
    return { reloadEnvironment: true };
  }

  async dryRun({ files }: { files?: string[] }) {
    const kills: Record<string, Kill> = {};
    const results = [];
    for (const test of await loadTests(files)) {
      const startMs = performance.now();
      const run = test.prepare();
      switchboard.currentTestId = test.id;
      const failureMessage = failureOf(run);
      switchboard.currentTestId = undefined;
      const timeSpentMs = performance.now() - startMs;
      const result = { id: test.id, name: test.id, fileName: test.file, timeSpentMs };
      results.push(failureMessage === undefined ? { ...result, status: 0 } : { ...result, status: 1, failureMessage });
      if (failureMessage === undefined) tryOnMutants(test, run, kills);
      if (results.length % 50 === 0) report(`${results.length} tests, ${Object.keys(kills).length} mutants caught`);
    }
    writeFileSync(killsFile, JSON.stringify(kills));
    return { status: "complete", tests: results, mutantCoverage: switchboard.mutantCoverage };
  }

  mutantRun({ activeMutant: { id }, mutantActivation }: MutantRun) {
    this.#kills ??= existsSync(killsFile) ? (JSON.parse(readFileSync(killsFile, "utf8")) as Record<string, Kill>) : {};
    const kill = this.#kills[id] ?? (mutantActivation === "static" ? killWhileLoading(id) : undefined);
    if (!kill) return { status: "survived", nrOfTests: 1 };
    return { status: "killed", killedBy: [kill.test], failureMessage: kill.message, nrOfTests: 1 };
  }
}

/** Stryker shows nothing of a runner's output, and this takes long. */
function report(line: string): void {
  appendFileSync(progressFile, `${line}\n`);
}

function tryOnMutants(test: JudgingTest, run: () => void, kills: Record<string, Kill>): void {
  const hits = switchboard.mutantCoverage?.perTest[test.id] ?? {};
  for (const id of Object.keys(hits).filter((one) => !kills[one])) {
    forgetCaches();
    switchboard.activeMutant = id;
    switchboard.hitCount = 0;
    switchboard.hitLimit = hitsFactor * hits[id]!;
    const message = failureOf(run);
    switchboard.activeMutant = undefined;
    if (message !== undefined) kills[id] = { test: test.id, message };
  }
  forgetCaches();
}

/** Every test in a process of its own, with the mutant on from its start. */
function killWhileLoading(id: string): Kill | undefined {
  const env = { ...process.env, __STRYKER_ACTIVE_MUTANT__: id };
  const argv = [new URL("first-failure.ts", import.meta.url).pathname];
  const { status, stdout } = spawnSync(process.execPath, argv, { env, encoding: "utf8", timeout: 5 * testTimeoutMs });
  if (status === 0) return undefined;
  const [test = "", ...message] = stdout.split("\n");
  return { test, message: message.join("\n") || "the files do not load, or the tests do not end" };
}

/** The message of a test that fails, or that takes far too long. */
export function failureOf(run: () => void): string | undefined {
  const holder = globalThis as { running?: () => void };
  holder.running = run;
  try {
    watched.runInThisContext({ timeout: testTimeoutMs });
    return undefined;
  } catch (error) {
    return messageOf(error).slice(0, 500);
  }
}

const watched = new Script("globalThis.running()");

const factory = () => new JudgingTests();
factory.inject = [] as const;

/** Read by Stryker. */
export const strykerPlugins = [{ kind: "TestRunner", name: "judging-tests", factory }];
