// A test runner of Stryker: the tests that judge histories, in one process. All mutants are compiled into the checkers,
// and one is on at a time. To make a history costs more than to judge it, so the runner takes the tests one by one and
// tries each on every mutant that it reaches and that lives still. Stryker then asks for the results. No package of
// Stryker is imported: the shapes below are those of its plugins.

import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Script } from "node:vm";
import { messageOf } from "../../harness/base/errors.ts";
import type { JudgingTest } from "./jest-globals.ts";
import { fileOf, forgetCaches, loadTests } from "./load-tests.ts";

interface MutantRun {
  activeMutant: { id: string };
}

/** What the instrumented checkers read and write. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  /** From then on coverage is counted inside tests only; see load-tests.ts. */
  isLoaded?: boolean;
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
/** Tests that try one mutant which acts while files are loaded. */
const testsMax = 400;
const testTimeoutMs = 60_000;
const batchMs = 10_000;
/** A mutant in code that all entries share is reached by every case of the corpus. Unit tests try it too. */
const casesMax = { own: 150, aside: 40 };
const triedCases: Record<keyof typeof casesMax, Record<string, number>> = { own: {}, aside: {} };
const reportEveryMs = 20_000;
let reportedMs = 0;

class JudgingTests {
  #kills: Record<string, Kill> | undefined;

  capabilities() {
    // A mutant that acts while files are loaded is tried in the first run too.
    return { reloadEnvironment: true };
  }

  async dryRun({ files = [] }: { files?: string[] }) {
    const kills: Record<string, Kill> = {};
    const results = [];
    const tests = await loadTests(files);
    switchboard.isLoaded = true;
    for (const test of tests) {
      const startMs = performance.now();
      forgetCaches();
      switchboard.currentTestId = test.id;
      const failureMessage = failureOf(test.run);
      switchboard.currentTestId = undefined;
      const timeSpentMs = performance.now() - startMs;
      const result = { id: test.id, name: test.id, fileName: test.file, timeSpentMs };
      results.push(failureMessage === undefined ? { ...result, status: 0 } : { ...result, status: 1, failureMessage });
      if (failureMessage === undefined) tryOnMutants(test, kills);
      if (performance.now() - reportedMs > reportEveryMs)
        report(`${Object.keys(kills).length} mutants caught; ${test.id}`);
    }
    const whileLoading = Object.keys(switchboard.mutantCoverage?.static ?? {}).filter((id) => !kills[id]);
    report(`${Object.keys(kills).length} mutants caught; of the others ${whileLoading.length} act on loading`);
    for (const id of whileLoading) {
      await tryWhileLoading(id, kills);
      if (performance.now() - reportedMs > reportEveryMs) report(`${Object.keys(kills).length} mutants caught; ${id}`);
    }
    report(`${Object.keys(kills).length} mutants caught`);
    writeFileSync(killsFile, JSON.stringify(kills));
    return { status: "complete", tests: results, mutantCoverage: switchboard.mutantCoverage };
  }

  mutantRun({ activeMutant: { id } }: MutantRun) {
    this.#kills ??= existsSync(killsFile) ? (JSON.parse(readFileSync(killsFile, "utf8")) as Record<string, Kill>) : {};
    const kill = this.#kills[id];
    if (!kill) return { status: "survived", nrOfTests: 1 };
    return { status: "killed", killedBy: [kill.test], failureMessage: kill.message, nrOfTests: 1 };
  }
}

/** Stryker shows nothing of a runner's output, and this takes long. */
function report(line: string): void {
  reportedMs = performance.now();
  const minutes = (performance.now() / 60_000).toFixed(1);
  appendFileSync(progressFile, `${minutes} min: ${line}\n`);
}

function tryOnMutants({ id, run, asks, folder }: JudgingTest, kills: Record<string, Kill>): void {
  const hits = switchboard.mutantCoverage?.perTest[id] ?? {};
  const isNear = (one: string) => folder === undefined || dirname(fileOf.get(one)!).endsWith(`/${folder}`);
  const tries = asks ? triedCases[asks] : {};
  const isWorthIt = (one: string) => isNear(one) && (!asks || (tries[one] ?? 0) < casesMax[asks]);
  const left = Object.keys(hits).filter((one) => !kills[one] && isWorthIt(one));
  while (left.length > 0) {
    let tried = "";
    // One watch over all of them: a watch is a thread, which costs more than a judgement.
    const untilMs = performance.now() + batchMs;
    const message = failureOf(() => {
      for (let one = left.pop(); one !== undefined; one = performance.now() < untilMs ? left.pop() : undefined) {
        tried = one;
        tries[one] = (tries[one] ?? 0) + 1;
        turnOn(one, hitsFactor * hits[one]!);
        run();
      }
    });
    switchboard.activeMutant = undefined;
    if (message !== undefined) kills[tried] = { test: id, message };
  }
}

function turnOn(id: string, hitLimit: number): void {
  forgetCaches();
  switchboard.activeMutant = id;
  switchboard.hitCount = 0;
  switchboard.hitLimit = hitLimit;
}

/** The checkers are loaded once more, with the mutant on. */
async function tryWhileLoading(id: string, kills: Record<string, Kill>): Promise<void> {
  switchboard.activeMutant = id;
  let left = testsMax;
  try {
    for (const test of await loadTests([fileOf.get(id)!], id)) {
      if ((left -= 1) < 0) return;
      turnOn(id, Infinity);
      const message = failureOf(test.run);
      switchboard.activeMutant = undefined;
      if (message !== undefined) kills[id] = { test: test.id, message };
      if (message !== undefined) return;
      switchboard.activeMutant = id;
    }
  } catch (error) {
    kills[id] = { test: "load", message: messageOf(error) };
  } finally {
    switchboard.activeMutant = undefined;
  }
}

/** The message of what throws, or takes far too long. */
function failureOf(run: () => void): string | undefined {
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
