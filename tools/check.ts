// `npm run check`: everything that needs no Docker, in parallel. Prints one line for each step, and the output of
// failed steps only. `--json FILE` also writes the counts for a caller, `--only a,b` picks steps. It imports no code of
// ours.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const scratch = mkdtempSync(join(tmpdir(), "triad-check-"));
const jestReport = join(scratch, "jest.json");
/** Linted and held to the import law. The other fixtures hold planted violations. */
const folders = ["harness", "images", "suites", "tools", "fixtures/corpus"];
const quietModules = "--experimental-vm-modules --disable-warning=ExperimentalWarning";

interface Step {
  name: string;
  argv: string[];
  /** Passed and failed tests. A step without it counts as one test, by its exit code. */
  count?: () => Counts;
}

interface Counts {
  passed: number;
  failed: number;
}

interface Result extends Counts {
  name: string;
  isOk: boolean;
  elapsedS: number;
}

const steps: Step[] = [
  {
    name: "unit",
    // By default Jest leaves one core idle.
    argv: [bin("jest"), "--selectProjects", "unit", "--maxWorkers", "100%", "--json", "--outputFile", jestReport],
    count: countJest,
  },
  { name: "types", argv: [bin("tsc"), "-p", "."] },
  { name: "dead-code", argv: [bin("knip"), "--no-progress"] },
  {
    name: "imports",
    argv: [bin("depcruise"), "--config", ".dependency-cruiser.cjs", ...folders],
  },
  { name: "lint", argv: [bin("oxlint"), "--deny-warnings", ...folders] },
  { name: "format", argv: [bin("oxfmt"), "--check"] },
];

/** What Jest counted. A file that does not load is one failure. So is a run without tests. */
function countJest(): Counts {
  const report = JSON.parse(readFileSync(jestReport, "utf8")) as Record<string, number>;
  const passed = report["numPassedTests"] ?? 0;
  const failed = (report["numFailedTests"] ?? 0) + (report["numRuntimeErrorTestSuites"] ?? 0);
  return { passed, failed: passed + failed === 0 ? 1 : failed };
}

const running = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    for (const child of running) child.kill("SIGTERM");
    rmSync(scratch, { recursive: true, force: true });
    process.exit(1);
  });
}

function runStep(step: Step): Promise<{ result: Result; output: string }> {
  const startMs = performance.now();
  return new Promise((done) => {
    const env = { ...process.env, NODE_OPTIONS: quietModules, FORCE_COLOR: "0" };
    const child = spawn(process.execPath, step.argv, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", (error) => (output += error.message));
    child.on("close", (code) => {
      running.delete(child);
      const counts = countOf(step, code === 0);
      const isOk = code === 0 && counts.failed === 0;
      const elapsedS = (performance.now() - startMs) / 1000;
      done({ result: { name: step.name, isOk, elapsedS, ...counts, failed: counts.failed || (isOk ? 0 : 1) }, output });
    });
  });
}

function countOf(step: Step, isOk: boolean): Counts {
  const one = { passed: isOk ? 1 : 0, failed: isOk ? 0 : 1 };
  try {
    return step.count?.() ?? one;
  } catch {
    // The runner ended before it wrote a report. Its output says why.
    return { passed: 0, failed: 1 };
  }
}

async function runAll(chosen: Step[]): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...chosen];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const { result, output } = await runStep(step);
      results.push(result);
      const many = step.count ? `  ${result.passed} passed, ${result.failed} failed` : "";
      print(
        `${result.isOk ? "ok  " : "FAIL"}  ${step.name.padEnd(10)}${result.elapsedS.toFixed(1).padStart(6)} s${many}`,
      );
      if (!result.isOk) print(output.trimEnd().replaceAll(/^/gm, "      "));
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  return results;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values } = parseArgs({ options: { json: { type: "string" }, only: { type: "string" } } });
const names = values.only?.split(",") ?? steps.map((step) => step.name);
const unknown = names.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `check: unknown step ${unknown.join(", ")}; the steps are ${steps.map((step) => step.name).join(", ")}\n`,
  );
  process.exitCode = 64;
} else {
  const startMs = performance.now();
  const results = await runAll(steps.filter((step) => names.includes(step.name)));
  const red = results.filter((result) => !result.isOk).map((result) => result.name);
  const verdict = red.length === 0 ? "all steps ok" : `not ok: ${red.join(", ")}`;
  print(`${verdict} in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  if (values.json) writeFileSync(values.json, JSON.stringify({ format: "triad-check/1", results }));
  process.exitCode = red.length === 0 ? 0 : 1;
}
rmSync(scratch, { recursive: true, force: true });
