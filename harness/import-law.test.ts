// The import law, tested: a planted tree violates each rule once, and each violation must be reported. A tool that sees
// no module would pass without this test, and dependency-cruiser is such a tool with TypeScript 7 and no @swc/core.

import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = join(import.meta.dirname, "..");

interface Report {
  modules: { source: string }[];
  summary: { violations: { from: string; rule: { name: string } }[]; totalCruised: number };
}

function cruise(folder: string): Report {
  const tool = join(root, "node_modules/.bin/depcruise");
  const argv = [tool, "--config", ".dependency-cruiser.cjs", "--output-type", "json", folder];
  const run = spawnSync(process.execPath, argv, { cwd: root, encoding: "utf8", maxBuffer: 64e6, timeout: 60_000 });
  return JSON.parse(run.stdout) as Report;
}

describe("the import law", () => {
  it("reports each planted violation, and nothing of what is allowed", () => {
    const found = cruise("fixtures/planted").summary.violations.map(
      ({ from, rule }) => `${from.replace("fixtures/planted/", "")} ${rule.name}`,
    );
    expect([...new Set(found)].sort()).toEqual([
      "harness/checkers/judge-by-file.ts checkers-act",
      "harness/checkers/judge-by-hand.ts checkers-act",
      "harness/checkers/judge-by-hand.ts checkers-imports",
      "harness/faults/kill.ts faults-imports",
      "harness/monitors/watch.ts monitors-imports",
      "harness/protocol/message.ts protocol-imports-types",
      "harness/report/containers.ts docker-in-two-folders",
      "harness/run/plan.ts run-imports",
      "images/agent/witness.ts witness-stands-apart",
      "images/node/informed.ts node-stands-apart",
    ]);
  });

  it("looks at every file of the harness", () => {
    const seen = new Set(cruise("harness").modules.map((module) => module.source));
    const files = globSync("harness/**/*.ts", { cwd: root });
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
  });
});
