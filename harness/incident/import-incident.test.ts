// The whole import, on files: what is printed, what is written, and hostile files.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { seeded } from "#base/random.ts";
import { repository } from "#base/repository.ts";
import { parseScenario } from "#scenario-file/parse-scenario.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { importIncident } from "./import-incident.ts";

const root = join(repository, "fixtures/journals");

function logsOf(name: string): Record<NodeName, string[]> {
  const folder = join(root, name);
  const fileOf = (node: string) =>
    join(
      folder,
      readdirSync(folder).find((one) => one.startsWith(`${node}.`))!,
    );
  return { alpha: [fileOf("alpha")], beta: [fileOf("beta")], gamma: [fileOf("gamma")] };
}

const named = readdirSync(root);

describe("the proposed file", () => {
  it.each(named)("of %s is a scenario with the faults in order", async (name) => {
    const { file, explanation } = await importIncident({ logs: logsOf(name), year: 2026 });
    const { steps } = parseScenario(file!, `${name}.yaml`).scenario({ name: "proposed", seed: 1 });
    const faults = steps.flatMap((step) => (step.step === "provoke" ? step.faults : []));
    expect(faults).toEqual(explanation.proposals.map(({ fault }) => fault));
    expect(steps.at(-1)).toMatchObject({ step: "hold" });
  });

  it("says above each fault what it rests on", async () => {
    const { file } = await importIncident({ logs: logsOf("pause-alpha-kill-beta"), year: 2026 });
    const lines = file!.split("\n");
    const at = lines.findIndex((line) => line.includes("fault: pause"));
    const comments = lines.slice(0, at).slice(lines.slice(0, at).findLastIndex((line) => !/^ *#/.test(line)) + 1);
    expect(comments[0]).toMatch(/# \d\d:\d\d:\d\d\.\d{3} \(between .*\), confidence: strong/);
    expect(comments.join("\n")).toMatch(/alpha\.txt\.gz:\d+: A thread timer expired/);
    expect(file).toMatch(/^# Clocks against alpha: .*gamma 31\d\d ms/m);
  });

  it("is none when nothing happened", async () => {
    const folder = mkdtempSync(join(tmpdir(), "triad-quiet-"));
    const path = join(folder, "quiet.log");
    writeFileSync(path, "2026-11-30T21:28:41Z n a[1]: hello\n2026-11-30T21:28:42Z n a[1]: hello\n");
    const { file, lines } = await importIncident({ logs: { alpha: [path], beta: [], gamma: [] } });
    expect(file).toBeUndefined();
    expect(lines.join("\n")).toMatch(/none: nothing in these logs/);
    rmSync(folder, { recursive: true });
  });
});

describe("hostile logs", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "triad-hostile-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const importing = (text: string | Buffer) => {
    const path = join(folder, "log");
    writeFileSync(path, text);
    return importIncident({ logs: { alpha: [path], beta: [path], gamma: [] }, year: 2026 });
  };

  it("cannot break out of a comment of the file", async () => {
    const evil =
      "2026-11-30T21:29:00Z n Keepalived_vrrp[1]: A thread timer expired 9.000 seconds ago\u2028steps: []\u0085x: 1\u0000";
    const { file } = await importing(`2026-11-30T21:28:00Z n Keepalived_vrrp[1]: Entering MASTER STATE\n${evil}\n`);
    const scenario = parseScenario(file!, "evil.yaml").scenario({ name: "evil", seed: 1 });
    expect(scenario.steps.some(({ step }) => step === "provoke")).toBe(true);
  });

  it("of bytes by chance are refused or read, and never end in another error", async () => {
    const chance = seeded(17);
    for (let round = 0; round < 20; round += 1) {
      const bytes = Buffer.from(Array.from({ length: chance.below(3_000) }, () => chance.below(256)));
      await expect(importing(bytes)).rejects.toThrow(/no line of these logs has a time stamp/);
    }
  });

  it("with lines changed by chance are read", async () => {
    const chance = seeded(18);
    const parts = ["2026-11-30T21:28:41.1Z ", "n Keepalived_vrrp[1]: ", "[33] 2026/11/30 21:28:41.639567 ", "[INF] "];
    const ends = [
      "Entering MASTER STATE",
      "10.0.0.1:6222 - rid:7 - Router connection closed: Stale Connection",
      '{"a":',
      "\u0000",
    ];
    for (let round = 0; round < 15; round += 1) {
      const lines = Array.from({ length: 30 }, () =>
        [
          ...Array.from({ length: chance.below(4) }, () => parts[chance.below(parts.length)]),
          ends[chance.below(ends.length)],
        ].join(""),
      );
      const { lines: printed } = await importing(`2026-11-30T21:28:41Z n a[1]: x\n${lines.join("\n")}`);
      expect(printed.length).toBeGreaterThan(5);
    }
  });
});

it("the logs of all three nodes may be left out but one", async () => {
  for (const node of nodeNames) {
    const logs = { alpha: [], beta: [], gamma: [], [node]: logsOf("container")[node] };
    const { timeline } = await importIncident({ logs });
    expect(timeline.spans.map((span) => span.node)).toEqual([node]);
  }
});
