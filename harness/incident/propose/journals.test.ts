// Logs of real zones that were broken on purpose, as real journalctl gives them: the clocks of the nodes shifted by up
// to 2 s, and one log of each incident cut short. done.json says what was done; the importer never reads it.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { repository } from "#base/repository.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Timeline, timelineOf } from "../timeline/timeline.ts";
import { readNodeLog } from "../timeline/node-log.ts";
import { type Explanation, explain } from "./propose.ts";

const root = join(repository, "fixtures/journals");

interface Done {
  clocksMs: Record<NodeName, number>;
  cutShort: NodeName;
  faults: { fault: string; node: string; atMs: number; process?: string; way?: string; peers?: string[] }[];
}

const cases = readdirSync(root).filter((name) => existsSync(join(root, name, "done.json")));

async function read(name: string): Promise<{ timeline: Timeline; explanation: Explanation; done: Done }> {
  const folder = join(root, name);
  const logs = [];
  for (const node of nodeNames) {
    const file = readdirSync(folder).find((one) => one.startsWith(`${node}.`))!;
    logs.push(await readNodeLog(node, [join(folder, file)], { year: 2026 }));
  }
  const timeline = timelineOf(logs);
  const done = JSON.parse(readFileSync(join(folder, "done.json"), "utf8")) as Done;
  return { timeline, explanation: explain(timeline), done };
}

/** Faults whose every line was in the part that was cut off. */
const outOfSight: Record<string, string[]> = {};

const words = ({ fault, node, process }: { fault: string; node: string; process?: string }): string =>
  [fault, process, node].filter((one) => one !== undefined).join(" ");

describe.each(cases)("the logs of %s", (name) => {
  let all: Awaited<ReturnType<typeof read>>;
  beforeAll(async () => {
    all = await read(name);
  });

  it("give the difference of each pair of clocks to 20 ms, within the stated bound", () => {
    const { timeline, done } = all;
    const { reference, clocks } = timeline.alignment;
    for (const { node, ms, withinMs } of clocks) {
      const error = Math.abs(ms! - (done.clocksMs[node] - done.clocksMs[reference]));
      expect(error).toBeLessThanOrEqual(withinMs! + 0.001);
      expect(error).toBeLessThan(20);
    }
  });

  it("say that one was cut short", () => {
    expect(all.timeline.shortLogs.filter((one) => one.startsWith(all.done.cutShort))).not.toEqual([]);
  });

  it("name what was done, on the right node, and nothing else", () => {
    const { explanation, done } = all;
    const expected = done.faults.map(words).filter((one) => !outOfSight[name]?.includes(one));
    const said = explanation.proposals.map(({ fault }) => words(fault as never));
    expect(said).toEqual(expected);
    expect(explanation.unexplained).toEqual([]);
  });

  it("give the start of each fault to 3 s, within its bounds", () => {
    const { explanation, done } = all;
    for (const { fault, atMs, notBeforeMs, notAfterMs } of explanation.proposals) {
      const real = done.faults.find((one) => words(one) === words(fault as never))!;
      expect(Math.abs(atMs - real.atMs)).toBeLessThan(3_000);
      // A fault takes a while to take effect after it was asked for.
      expect(real.atMs).toBeGreaterThan(notBeforeMs - 1_000);
      expect(real.atMs).toBeLessThan(notAfterMs + 100);
    }
  });

  it("rest on lines that say so", () => {
    for (const { lines, because } of all.explanation.proposals) {
      expect(lines.length).toBeGreaterThan(0);
      expect(because.length).toBeGreaterThan(0);
    }
  });
});

describe("the logs of containers", () => {
  it("are read as they are", async () => {
    const logs = [];
    for (const node of nodeNames)
      logs.push(await readNodeLog(node, [join(root, "container", `${node}.log.gz`)], { year: 2026 }));
    const timeline = timelineOf(logs);
    expect(explain(timeline).proposals.map(({ fault }) => words(fault as never))).toEqual(["power gamma"]);
    expect(timeline.alignment.clocks.every(({ ms }) => Math.abs(ms!) < 20)).toBe(true);
  });
});
