// Loads the tests that judge histories from the working directory, with Jest's globals replaced. Caches that the
// checkers keep are held here, so that what one mutant computed is not taken for another's.

import { globSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Checker } from "../../harness/checkers/checker.ts";
import type * as HistoryTests from "./history-tests.ts";
import type * as Globals from "./jest-globals.ts";

const testFiles = "harness/checkers/**/*.test.ts";
/** They make a history in each test. history-tests.ts makes it once for all mutants. */
const insteadOf = ["harness/checkers/corpus.test.ts", "harness/checkers/recorded.test.ts"];
const instead: Record<string, URL> = {
  "@jest/globals": new URL("jest-globals.ts", import.meta.url),
  "fast-check": new URL("fast-check.ts", import.meta.url),
};

/**
 * The unit tests first, which take milliseconds. Then the cases of the corpus and the tests that search for a
 * violation. Then the histories, of the entries that these files decide. `mutated`: absolute paths.
 */
export async function loadTests(mutated: readonly string[] = []): Promise<Globals.JudgingTest[]> {
  holdCaches();
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = instead[specifier]?.href;
      return url && context.parentURL !== url ? { url, shortCircuit: true } : next(specifier, context);
    },
  });
  const { testsOf } = (await import(instead["@jest/globals"]!.href)) as typeof Globals;
  const root = process.cwd();
  const load = (file: string): Promise<unknown> => import(pathToFileURL(join(root, file)).href);
  const tests: Globals.JudgingTest[] = [];
  const searching: Globals.JudgingTest[] = [];
  for (const file of globSync(testFiles, { cwd: root }).sort()) {
    if (insteadOf.includes(file)) continue;
    const isSearch = readFileSync(join(root, file), "utf8").includes('from "fast-check"');
    (isSearch ? searching : tests).push(...(await testsOf(file, () => load(file))));
  }
  const { corpusTests, historyTests, recordedTests } = (await load(
    "tools/mutation/history-tests.ts",
  )) as typeof HistoryTests;
  tests.push(...corpusTests());
  if (process.env["MUTATE_HISTORIES"] === "none") return tests;
  const only = await entriesOf(mutated);
  return [...tests, ...recordedTests(only), ...searching, ...historyTests(only)];
}

/** The entries that these files decide, or their folders; empty, which means all, when one has no checker near. */
async function entriesOf(files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const own = await checkersIn([file]);
      const beside = own.length > 0 ? [] : await checkersIn(globSync(join(dirname(file), "*.ts")));
      return [...own, ...beside].map(({ entry }) => entry);
    }),
  );
  return found.some((ids) => ids.length === 0) ? [] : [...new Set(found.flat())];
}

async function checkersIn(files: readonly string[]): Promise<Checker[]> {
  const sources = files.filter((file) => !file.endsWith(".test.ts") && !file.endsWith("/registry.ts"));
  const modules = await Promise.all(sources.map(async (file) => Object.values((await import(file)) as object)));
  return modules.flat(2).filter((one) => (one as Partial<Checker> | undefined)?.check) as Checker[];
}

const caches: { clear: () => void }[] = [];

export function forgetCaches(): void {
  for (const cache of caches) cache.clear();
}

/** A WeakMap that a checker's file makes can be emptied. */
function holdCaches(): void {
  const Original = WeakMap;
  class Emptied<K extends WeakKey, V> {
    #values = new Original<K, V>();
    clear = () => (this.#values = new Original());
    get = (key: K) => this.#values.get(key);
    has = (key: K) => this.#values.has(key);
    delete = (key: K) => this.#values.delete(key);
    set(key: K, value: V): this {
      this.#values.set(key, value);
      return this;
    }
  }
  const make = () => {
    if (!/harness\/checkers\//.test(new Error("where").stack?.split("\n")[2] ?? "")) return new Original();
    const cache = new Emptied<WeakKey, unknown>();
    caches.push(cache);
    return cache;
  };
  globalThis.WeakMap = new Proxy(Original, { construct: make }) as WeakMapConstructor;
}
