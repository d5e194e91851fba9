// `npm run mutate [-- FILE|FOLDER ...]`: mutation testing of the checkers. Stryker changes their code in one small way
// at a time, and the tests that judge histories must then fail, or the compiler must refuse it. It installs Stryker
// into .triad first, if needed. `--quick` leaves the recorded histories out. It ends with 1 when too many mutants
// survive. docs/mutation-testing.md says how to read it.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { markRefused } from "./refused.ts";
import { type Explanation, type Report, scoreOf, scoreText, share, survivorsMax } from "./score.ts";

const root = resolve(import.meta.dirname, "../..");
const own = import.meta.dirname;
/** Stryker and what it writes. */
const results = ".triad/mutation";
const work = join(root, results);

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: "boolean" } } });
if (values.quick) process.env["MUTATE_HISTORIES"] = "none";
const files = positionals.length > 0 ? positionals : ["harness/checkers"];
const patterns = files.map((path) => (path.endsWith(".ts") ? path : `${path.replace(/\/$/, "")}/**/*.ts`));

/** Of Stryker. */
const options = {
  plugins: ["./tools/mutation/judging-tests.ts", "./tools/mutation/left-out.ts"],
  ignorers: ["left-out"],
  testRunner: "judging-tests",
  coverageAnalysis: "perTest",
  mutate: [...patterns, "!**/*.test.ts"],
  // The types stay: Node strips them. Stryker cannot read the configuration with TypeScript 7.
  tsconfigFile: "none",
  ignorePatterns: ["/.triad", "/.ci", "/.github", "/evidence", "/docs/*.png"],
  // Most strings are words for people. A comparison with one that is a name is mutated as a condition too. The compiler
  // refuses `.` for `?.`, and the linter a `?.` that is not needed.
  mutator: { excludedMutations: ["StringLiteral", "OptionalChaining"] },
  concurrency: 1,
  timeoutMS: 600_000,
  // The first run does all the work; see judging-tests.ts.
  dryRunTimeoutMinutes: 240,
  reporters: ["json"],
  jsonReporter: { fileName: `${results}/report.json` },
  allowConsoleColors: false,
  tempDirName: mkdtempSync(join(tmpdir(), "triad-mutation-")),
};

function run(program: string, argv: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(program, argv, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Outside of the sources, so that no other tool of the project sees Stryker. */
function install(): void {
  const lock = "package-lock.json";
  const isFresh = existsSync(join(work, lock)) && readFileSync(join(work, lock)).equals(readFileSync(join(own, lock)));
  if (isFresh && existsSync(join(work, "node_modules/.package-lock.json"))) return;
  for (const file of ["package.json", lock]) copyFileSync(join(own, file), join(work, file));
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], work);
}

mkdirSync(work, { recursive: true });
rmSync(join(work, "progress.log"), { force: true });
writeFileSync(join(work, "options.json"), JSON.stringify(options));
try {
  install();
  const stryker = join(work, "node_modules/@stryker-mutator/core/bin/stryker.js");
  run(process.execPath, [stryker, "run", join(results, "options.json")], root);
} finally {
  rmSync(options.tempDirName, { recursive: true, force: true });
}

const report = JSON.parse(readFileSync(join(work, "report.json"), "utf8")) as Report;
markRefused(report, root);
writeFileSync(join(work, "report.json"), JSON.stringify(report));
const explained = (parse(readFileSync(join(own, "explained.yaml"), "utf8")) ?? []) as Explanation[];
const score = scoreOf(report, explained);
process.stdout.write(scoreText(score));
process.exitCode = share(score.total) > survivorsMax ? 1 : 0;
