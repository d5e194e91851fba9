// The linter, tested: a planted file violates one rule of each kind, and each must be reported. Rules that need types
// report nothing when the type-aware half of the linter is missing, and a silent linter passes.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "@jest/globals";

const root = join(import.meta.dirname, "..");

it("the linter reports each planted break, with types and without", () => {
  const tool = join(root, "node_modules/.bin/oxlint");
  const argv = [tool, "--format", "json", "fixtures/planted/lint"];
  const run = spawnSync(process.execPath, argv, { cwd: root, encoding: "utf8", timeout: 60_000 });
  const report = JSON.parse(run.stdout) as { diagnostics: { code: string }[] };
  expect([...new Set(report.diagnostics.map((one) => one.code))].sort()).toEqual([
    "eslint(eqeqeq)",
    "eslint(max-params)",
    "eslint(no-console)",
    "typescript(no-floating-promises)",
    "typescript(only-throw-error)",
    "typescript(switch-exhaustiveness-check)",
    "unicorn(filename-case)",
  ]);
});
