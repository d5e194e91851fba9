// Every mutant can be made: its settings fit the spec, its patches fit the sources of the reference node and build, its
// files and edits fit the planned nodes.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { repository } from "#base/repository.ts";
import { nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { peerZoneId } from "#spec/scenario.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import { peerSubnet, planZone } from "#topology/plan-zone.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { amendOf, readMutant, type Mutant, mutantNames, withSettings } from "./mutants.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };

const peer = { zoneId: peerZoneId, vip: "198.18.8.10", ca: "", subnet: peerSubnet(3), pairIndex: 3, pairId: "t" };

async function planOf(mutant: Mutant): Promise<ZonePlan> {
  const scenarios = mutant.scenarios.map((name) => scenarioNamed(mutant.suite, name));
  const isPair = scenarios.some((one) => one.peers === 2);
  // With the settings of its own scenario: an edit may depend on the tier.
  const spec = withSettings({ ...defaultZoneSpec, ...scenarios[0]!.zone }, mutant.zone);
  const plan = planZone({ id: "t", index: 3, spec, certificates, ...(isPair ? { peer } : {}) });
  const amend = await amendOf(mutant);
  for (const name of nodeNames) amend(plan.nodes[name], plan);
  return plan;
}

const textOf = ({ files }: PlannedNode, path: string) => files.findLast((one) => one.path === path)?.text;

const seedNode: Mutant = {
  name: "seed",
  entry: "BOOT-1",
  says: "gamma knows only alpha",
  suite: "bootstrap",
  draw: 0,
  scenarios: ["boot-fourth-server"],
  shared: [],
  zone: {},
  files: [],
  edits: [{ nodes: ["gamma"], path: "/opt/bsfg/nats.conf", from: "^ *.*__BETA__:6222.*\n", to: "" }],
  patches: [],
  volumes: [],
  alsoBreaks: [],
};

const bindAll = {
  nodes: ["alpha" as const],
  file: "controller/main.ts",
  from: "host: node.vip",
  to: 'host: "0.0.0.0"',
};

/** What the compiler says of every patched source, each put next to its original in a copy of the node's sources. */
async function compileErrors(): Promise<string> {
  const { patchedSources } = (await import(join(repository, "images/node/bundle.ts"))) as {
    patchedSources: (patches: Mutant["patches"]) => Promise<Map<string, string>>;
  };
  const root = mkdtempSync(join(tmpdir(), "triad-mutants-"));
  try {
    cpSync(join(repository, "images/node"), join(root, "images/node"), { recursive: true });
    for (const name of ["package.json", "tsconfig.json"]) cpSync(join(repository, name), join(root, name));
    for (const name of ["harness", "node_modules"]) symlinkSync(join(repository, name), join(root, name));
    const patched = mutantNames().map(async (name) => {
      const sources = await patchedSources(readMutant(name).patches);
      for (const [file, text] of sources)
        writeFileSync(join(root, "images/node", file.replace(/ts$/, `${name}.ts`)), text);
    });
    await Promise.all(patched);
    const config = { extends: "./tsconfig.json", include: ["images/node"] };
    writeFileSync(join(root, "mutants.json"), JSON.stringify(config));
    const tool = join(repository, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [tool, "-p", "mutants.json"], { cwd: root, encoding: "utf8" });
    return run.stdout + run.stderr;
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe("a mutant", () => {
  it("has patched sources that compile", async () => {
    expect(await compileErrors()).toBe("");
  }, 60_000);

  it.each(mutantNames())("%s can be made", async (name) => {
    await expect(planOf(readMutant(name))).resolves.toBeDefined();
  });

  it("changes a file on the named nodes only", async () => {
    const { alpha, gamma } = (await planOf(seedNode)).nodes;
    expect(textOf(gamma, "/opt/bsfg/nats.conf")).not.toContain("198.18.6.12:6222");
    expect(textOf(gamma, "/opt/bsfg/nats.conf")).toContain("198.18.6.11:6222");
    expect(textOf(alpha, "/opt/bsfg/nats.conf")).toContain("198.18.6.12:6222");
  });

  it("gets a patched program on the named nodes, and only the program that the patch changes", async () => {
    const { alpha, beta } = (await planOf({ ...seedNode, edits: [], patches: [bindAll] })).nodes;
    expect(textOf(alpha, "/opt/bsfg/bin/controller.cjs")).toContain('host:"0.0.0.0"');
    expect(textOf(alpha, "/opt/bsfg/bin/gate.cjs")).toBeUndefined();
    expect(textOf(beta, "/opt/bsfg/bin/controller.cjs")).toBeUndefined();
  });

  it("is an error when an edit changes nothing, because a right zone proves nothing", async () => {
    const edits = [{ nodes: ["gamma" as const], path: "/opt/bsfg/nats.conf", from: "no such line", to: "" }];
    await expect(planOf({ ...seedNode, edits })).rejects.toThrow(/no such line.* is not in \/opt\/bsfg\/nats\.conf/);
  });

  it.each([
    ["text that its file does not hold", { from: "no such text" }, /mutant seed: .*main\.ts holds this text 0 times/],
    ["text that its file holds twice", { from: "node" }, /holds this text \d+ times, not once/],
    ["text that does not build", { to: "host: {" }, /mutant seed: .*controller\/main\.ts/s],
    ["a file of neither program", { file: "bundle.ts", from: "Writes nothing.", to: "" }, /no program .* bundle\.ts/],
  ])("is an error when a patch has %s", async (_what, wrong, words) => {
    await expect(planOf({ ...seedNode, patches: [{ ...bindAll, ...wrong }] })).rejects.toThrow(words);
  });
});
