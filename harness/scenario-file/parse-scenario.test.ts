// Scenario files: what a right one gives, and where a wrong one is refused.

import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { repository } from "#base/repository.ts";
import { plannedFaults } from "#spec/scenario.ts";
import { suites } from "#spec/scenarios/index.ts";
import { parseScenario } from "./parse-scenario.ts";
import { withRecord } from "./record.ts";
import { readScenario } from "./read-scenario.ts";
import { scenarioText } from "./scenario-text.ts";

const scenario = (steps: string, head = "title: a test", seed = 7) =>
  parseScenario(`${head}\nsteps:\n${steps}`, "f.yaml").scenario({ name: "f", seed });
const stepsOf = (steps: string, seed?: number) => scenario(steps, undefined, seed).steps;

describe("a scenario file", () => {
  it("gives faults and steps of the harness, with durations in milliseconds", () => {
    const { steps, entries, suite } = scenario(
      "  - { fault: storage, node: beta, way: full }\n  - hold: 3s\n  - repair: all\n  - inspect",
    );
    expect(steps).toEqual([
      { step: "provoke", faults: [{ fault: "storage", node: "beta", way: "full" }] },
      { step: "hold", ms: 3_000 },
      { step: "repair", nodes: ["alpha", "beta", "gamma"] },
      { step: "inspect" },
    ]);
    expect({ suite, entries }).toEqual({ suite: "replay", entries: expect.arrayContaining(["DUAL-0", "NET-5"]) });
  });

  it("changes only the named parts of a setting", () => {
    const { zone } = scenario("  - hold: 1s", "title: a test\nzone: { tier: critical, lease: { renewMs: 250ms } }");
    expect(zone).toEqual({ tier: "critical", lease: { renewMs: 250, honourMs: 10_000, takeMs: 10_500 } });
  });

  it("writes loops and sweeps out", () => {
    expect(stepsOf("  - loop: { times: 2, steps: [ { hold: 1s } ] }")).toHaveLength(2);
    const swept = stepsOf(
      "  - sweep: { over: { node: [alpha, beta], ms: [1s, 2s] }, steps: [ { fault: pause, node: $node }, { hold: $ms } ] }",
    );
    expect(swept.map((step) => ("ms" in step ? step.ms : plannedFaults({ steps: [step] })[0]?.node))).toEqual([
      "alpha",
      1_000,
      "alpha",
      2_000,
      "beta",
      1_000,
      "beta",
      2_000,
    ]);
  });

  it("draws chances from the seed", () => {
    const text =
      "  - random: { choose: { node: [alpha, beta, gamma], ms: { from: 0s, to: 3s } }, times: 20, steps: [ { fault: kill, node: $node }, { hold: $ms } ] }";
    expect(stepsOf(text, 1)).toEqual(stepsOf(text, 1));
    expect(stepsOf(text, 1)).not.toEqual(stepsOf(text, 2));
    const nodes = plannedFaults({ steps: stepsOf(text, 1) }).map(({ node }) => node);
    expect(new Set(nodes)).toEqual(new Set(["alpha", "beta", "gamma"]));
  });

  it("plans the faults of nested steps in their order in the file", () => {
    const steps = stepsOf(
      "  - parallel: { branches: [ [ { when: { sees: vip-gained, node: beta, steps: [ { fault: pause, node: beta } ] } } ], [ { fault: kill, node: alpha } ] ] }\n" +
        "  - every: { ms: 1s, times: 2, steps: [ { fault: reboot, node: gamma } ] }",
    );
    expect(plannedFaults({ steps }).map(({ fault }) => fault)).toEqual(["pause", "kill", "reboot", "reboot"]);
  });
});

describe("the text of a scenario", () => {
  const built = Object.values(suites).flat();
  it.each(built.map((one) => [one.name, one] as const))(
    "%s reads back as it was written",
    (_, { steps, peers, monitors }) => {
      const text = scenarioText({
        title: "a test",
        steps,
        ...(peers ? { peers } : {}),
        ...(monitors ? { monitors } : {}),
      });
      expect(parseScenario(text, "f.yaml").scenario({ name: "f", seed: 1 }).steps).toEqual(steps);
    },
  );
});

describe("a record", () => {
  const text = "title: a test # as seen\n# of three steps\nsteps:\n  - hold: 1s\n";
  const record = (runs: number) => ({
    on: "2026-11-30",
    runs,
    wallS: 41.5,
    entries: { "DUAL-0": `kept ${runs} of ${runs}` },
  });

  it("is read back, replaces the last one, and leaves the rest as it was", () => {
    const twice = withRecord(withRecord(text, record(2)), record(3));
    expect(parseScenario(twice, "f.yaml").head.record).toEqual(record(3));
    expect(twice.replace(/^record:\n(?: .*\n)*/m, "")).toBe(text);
  });
});

describe("the incidents of this repository", () => {
  const files = globSync("fixtures/incidents/*.yaml", { cwd: repository }).sort();
  it.each(files)("%s is right", (path) => {
    const { name, file } = readScenario(join(repository, path));
    expect(file.head.source).toBeDefined();
    expect(file.scenario({ name, seed: 1 }).steps.length).toBeGreaterThan(0);
  });
});

const refusal = (text: string) => {
  try {
    parseScenario(text, "f.yaml", { known: ["FAIL-1", "DUAL-0"] });
    return "accepted";
  } catch (error) {
    const { code, message, expected } = error as { code: string; message: string; expected?: string };
    expect(code).toBe("usage/bad-scenario");
    return `${message} | ${expected}`;
  }
};
const loops = "loop: { times: 1000, steps: [ { ".repeat(3) + "hold: 1s" + " } ] }".repeat(3);

describe("a wrong file", () => {
  it.each([
    ["", /^f.yaml:1:1: null is no scenario/],
    ["title: a test", /"steps" is missing/],
    ["title: a test\nsteps:\n  - hodl: 3s", /^f.yaml:3:5: unknown step "hodl" \| did you mean hold\?/],
    ["title: a test\nsteps:\n  - hold: 3x", /^f.yaml:3:11: ms: "3x" is not allowed \| a duration/],
    ["title: a test\nsteps:\n  - hold: 3s\n    kill: alpha", /^f.yaml:3:5: a step has one key/],
    ["title: a test\nsteps:\n  - kill: alpha", /^f.yaml:3:5: unknown step "kill" \| write \{ fault: kill/],
    [
      "title: a test\nsteps:\n  - { fault: kil, node: alpha }",
      /^f.yaml:3:14: unknown fault "kil" \| did you mean kill\?/,
    ],
    [
      "title: a test\nsteps:\n  - { fault: kill, node: alhpa }",
      /^f.yaml:3:26: node: "alhpa" is unknown; did you mean alpha\?/,
    ],
    ["title: a test\nsteps:\n  - { fault: kill }", /^f.yaml:3:5: "node" is missing \| alpha, beta, gamma/],
    ["title: a test\nsteps:\n  - { fault: kill, node: alpha, way: gone }", /^f.yaml:3:33: unknown field "way"/],
    [
      "title: a test\nzone: { teir: critical }\nsteps:\n  - hold: 1s",
      /^f.yaml:2:9: unknown field "teir"; did you mean tier\?/,
    ],
    [
      "title: a test\nexpect: { kept: [FAIL-7] }\nsteps:\n  - hold: 1s",
      /^f.yaml:2:18: unknown entry FAIL-7 \| did you mean FAIL-1/,
    ],
    ["title: a test\nsteps:\n  - hold: $wait", /^f.yaml:3:11: nothing gives \$wait a value \| a sweep/],
    [
      "title: a test\nsteps:\n  - sweep: { over: { n: [alpha, bta] }, steps: [ { fault: kill, node: $n } ] }",
      /^f.yaml:3:33: node: "bta" is unknown; did you mean beta/,
    ],
    [
      "title: a test\nsteps:\n  - when: { sees: vip-gained, steps: [ { hold: 1s } ] }",
      /^f.yaml:3:11: vip-gained needs a node/,
    ],
    [`title: a test\nsteps:\n  - ${loops}`, /this comes to 1000000 steps \| at most 2000 steps/],
    [
      "title: a test\nsteps:\n  - loop: { times: 100, steps: [ { hold: 1min } ] }",
      /this takes 6000 s at least \| at most 3600 s/,
    ],
    ["a: &a [x]\nb: [*a, *a]", /^f.yaml:2:5: an alias, \*a/],
    ["title: !!js/function x\nsteps: []", /^f.yaml:1:8: no valid YAML: Unresolved tag/],
    ["__proto__: 1\ntitle: a test", /__proto__/],
    [`title: ${"x".repeat(70_000)}`, /^f.yaml:1:1: the file has 70007 bytes \| at most 65536 bytes/],
    [`title: ${"[".repeat(30_000)}`, /nested too deeply/],
    ["title: 'a", /^f.yaml:1:10: no valid YAML/],
    ["title: a test\ntitle: twice\nsteps:\n  - hold: 1s", /^f.yaml:2:1: no valid YAML: Map keys must be unique/],
    ["title: a test\nsteps:\n  - await-copies: x", /await-copies needs a second zone \| peers: 2/],
  ])("%j is refused with its place", (text, says) => {
    expect(refusal(text)).toMatch(says);
  });

  it("names its first mistakes in the order of the file, and how many more there are", () => {
    const steps = Array.from({ length: 8 }, () => "  - hodl: 3s").join("\n");
    const lines = refusal(`title: a test\nsteps:\n${steps}`).split("\n");
    expect(lines.slice(0, 2)).toEqual(['f.yaml:3:5: unknown step "hodl"', '  f.yaml:4:5: unknown step "hodl"']);
    expect(lines.at(-1)).toMatch(/and 3 more/);
  });
});
