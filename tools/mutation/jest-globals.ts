// What the checkers' tests take from Jest, for a process without Jest. One process switches mutants on and off, so a
// test file is loaded once, and its tests run thousands of times. The `expect` is Jest's own. A test may not be
// asynchronous: checkers are not.

export { expect } from "expect";

type Body = () => void;

export interface JudgingTest {
  /** Unique: file and titles. */
  id: string;
  file: string;
  /** Throws when the test fails. What it needs and no mutant may change is made before. */
  run: () => void;
  /** Of the corpus: a case asks its own entry, or one aside. */
  asks?: "own" | "aside";
  /** It tries mutants of this folder only. */
  folder?: string;
}

interface Registered extends Omit<JudgingTest, "run"> {
  prepare: () => Body;
}

interface Group {
  title: string;
  before: Body[];
  isPrepared: boolean;
}

const collected = new Map<string, Registered>();
let groups: Group[] = [];
let loading = "";

/** The tests that `load` registers are of that file. */
export async function testsOf(file: string, load: () => Promise<unknown>): Promise<() => Generator<JudgingTest>> {
  collected.clear();
  loading = file;
  groups = [{ title: file, before: [], isPrepared: false }];
  await load();
  const registered = [...collected.values()];
  return function* () {
    for (const { prepare, ...test } of registered) yield { ...test, run: prepare() };
  };
}

export function describe(title: string, define: () => void): void {
  groups = [...groups, { title, before: [], isPrepared: false }];
  define();
  groups = groups.slice(0, -1);
}

export function beforeAll(body: Body): void {
  groups.at(-1)!.before.push(body);
}

export function it(title: string, body: Body): void {
  const around = groups;
  const name = [...around.map((group) => group.title), title].join(" > ");
  const id = collected.has(name) ? `${name} (${collected.size})` : name;
  const prepare = () => {
    for (const group of around.filter(({ isPrepared }) => !isPrepared)) {
      for (const before of group.before) before();
      group.isPrepared = true;
    }
    return () => {
      const given: unknown = body();
      if (given instanceof Promise) throw new Error(`${id} is asynchronous`);
    };
  };
  collected.set(id, { id, file: loading, folder: loading.slice(0, loading.lastIndexOf("/")), prepare });
}

it.each =
  <Row>(rows: readonly Row[]) =>
  (title: string, body: (...values: never[]) => void): void => {
    for (const [place, row] of rows.entries())
      it(`${titled(title, row)} [${place}]`, () => body(...((Array.isArray(row) ? row : [row]) as never[])));
  };

/** As Jest writes `%s` and `$field`. */
function titled(title: string, row: unknown): string {
  const first = (Array.isArray(row) ? row[0] : row) as string | Record<string, string>;
  if (typeof first === "string") return title.replace("%s", first);
  return title.replaceAll(/\$(\w+)/g, (_, name: string) => first[name] ?? name);
}
