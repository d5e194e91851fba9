// Loads the tests that judge histories from the working directory, with Jest's globals replaced. Caches that the
// checkers keep are held here, so that what one mutant computed is not taken for another's.

import { globSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
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
/** By file: the files that import it. URLs, without a query. */
const importers = new Map<string, Set<string>>();
/** What is loaded anew for a mutant that acts while files are loaded: its file, and what imports it. */
let anew: ReadonlySet<string> = new Set();

/**
 * The cases of the corpus first: each asks one checker. Then the unit tests, some of which ask all of them, the
 * recordings, and the tests that search for a violation. Then the changed histories. Histories are judged for the
 * entries that these files decide.
 * `mutated`: absolute paths. `anewFor`: the id of a mutant for which the checkers are loaded once more.
 */
export async function loadTests(
  mutated: readonly string[] = [],
  anewFor?: string,
): Promise<Generator<Globals.JudgingTest>> {
  hook();
  const { testsOf } = (await import(instead["@jest/globals"]!.href)) as typeof Globals;
  const root = process.cwd();
  const query = anewFor === undefined ? "" : `?mutant=${anewFor}`;
  if (anewFor !== undefined) anew = withImporters(pathToFileURL(fileOf.get(anewFor)!).href);
  const load = (file: string): Promise<unknown> => import(`${pathToFileURL(join(root, file)).href}${query}`);
  const unit: (() => Generator<Globals.JudgingTest>)[] = [];
  const searching: typeof unit = [];
  for (const file of globSync(testFiles, { cwd: root }).sort()) {
    if (insteadOf.includes(file) || (query && !anew.has(pathToFileURL(join(root, file)).href))) continue;
    const isSearch = readFileSync(join(root, file), "utf8").includes('from "fast-check"');
    (isSearch ? searching : unit).push(await testsOf(file, () => load(file)));
  }
  const { corpusTests, historyTests, recordedTests } = (await load(
    "tools/mutation/history-tests.ts",
  )) as typeof HistoryTests;
  const only = await entriesOf(mutated);
  const isQuick = process.env["MUTATE_HISTORIES"] === "none";
  return (function* () {
    yield* corpusTests(only);
    for (const tests of unit) yield* tests();
    if (isQuick) return;
    yield* recordedTests(only);
    for (const tests of searching) yield* tests();
    yield* historyTests(only);
  })();
}

/** The file that a mutant changes: absolute paths by mutant. */
export const fileOf = new Map<string, string>();

/** Stryker's own counter counts while a mutant is on too, which takes most of the time. */
const countsInTests = "function cover() { if (ns.isLoaded && !ns.currentTestId) return;";

let isHooked = false;

function hook(): void {
  if (isHooked) return;
  isHooked = true;
  holdCaches();
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = instead[specifier]?.href;
      if (url && context.parentURL !== url) return { url, shortCircuit: true };
      const found = next(specifier, context);
      const [parent, mutant] = (context.parentURL ?? "").split("?");
      if (mutant) return anew.has(found.url) ? { ...found, url: `${found.url}?${mutant}` } : found;
      if (parent) importers.set(found.url, (importers.get(found.url) ?? new Set()).add(parent));
      return found;
    },
    load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.includes("/harness/checkers/")) return loaded;
      const source = Buffer.from(loaded.source as Uint8Array).toString();
      const path = fileURLToPath(url.replace(/\?.*/, ""));
      for (const [, id] of source.matchAll(/stryMutAct_9fa48\("(\d+)"\)/g)) fileOf.set(id!, path);
      return { ...loaded, source: source.replace("function cover() {", countsInTests) };
    },
  });
}

function withImporters(url: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(url)) return found;
  found.add(url);
  for (const one of importers.get(url) ?? []) withImporters(one, found);
  return found;
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
