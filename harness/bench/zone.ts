// `triad bench zone`: one zone and one failover. Each figure that has a lower bound is shown as a ratio to that bound,
// which is measured in the same run.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { freshSeed } from "#base/random.ts";
import { label } from "#engine/labels.ts";
import { useEngine } from "#engine/engine.ts";
import type { History, MarkName } from "#history/event.ts";
import { eventsOf } from "#history/view.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import { defaultBounds } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { BenchmarkOptions } from "#api/run-options.ts";
import { ensureImages } from "#zone/images/ensure-images.ts";
import { judgeScenario } from "#run/judge-folder.ts";
import { zoneReadyMs } from "./minimum-duration.ts";
import { historyFile, readHistory } from "#history/read-history.ts";
import { scenarioFolder } from "#run/plan.ts";
import { runScenario } from "#scenario/run-scenario.ts";
import { Environment } from "#zone/environment.ts";

interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The lower bound, in the same unit. */
  floor?: number;
  /** What the lower bound is. */
  floorIs?: string;
}

const scenarioName = "fail-1-kill";

export async function benchZone(options: BenchmarkOptions["zone"], { progress, signal }: RunContext): Promise<Answer> {
  const step = progress.step("bench");
  const figures: Figure[] = [];
  const timed = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    step.update(name);
    const startNs = nowNs();
    const value = await act();
    figures.push({ name, value: Math.round(elapsedMs(startNs)), unit: "ms" });
    return value;
  };
  await using engine = await timed("engine start", () => useEngine(() => {}));
  await timed("image check", () => ensureImages(engine, () => {}));
  await using environment = await Environment.open(() => {});
  const folder = options.out ?? mkdtempSync(join(tmpdir(), "triad-bench-"));
  const scenario = scenarioNamed("failure", scenarioName);
  const planned = { name: scenarioName, suite: "failure", repeat: 1, seed: freshSeed(), entries: scenario.entries };
  step.update(`scenario ${scenarioName}`);
  const createdNs = nowNs();
  const { stage } = await runScenario(environment, {
    scenario,
    repeat: 1,
    seed: planned.seed,
    folder: join(folder, scenarioFolder(planned)),
    zone: defaultZoneSpec,
    bounds: defaultBounds,
    isLast: false,
    signal,
    report: (phase) => step.update(`${scenarioName}: ${phase}`),
  });
  if (stage)
    figures.push({ name: "memory of a zone, with its agent", value: await memoryMib(environment), unit: "MiB" });
  await stage?.[Symbol.asyncDispose]();
  const history = readHistory(join(folder, scenarioFolder(planned), historyFile));
  figures.push(...zoneFigures(history, createdNs), ...observerFigures(history), failoverFigure(folder, planned));
  step.done();
  return { summary: figures.map(lineOf).join("\n"), data: figures };
}

function lineOf({ name, value, unit, floor, floorIs }: Figure): string {
  const ratio = floor ? `  ${(value / floor).toFixed(2)} x ${floorIs} (${floor} ${unit})` : "";
  return `${name.padEnd(44)} ${String(value).padStart(9)} ${unit}${ratio}`;
}

function markNs(history: History, mark: MarkName): number {
  return eventsOf(history, "mark").find(({ event }) => event.mark === mark)?.event.t ?? Number.NaN;
}

/** From creation to the first answer. The lower bound is the VRRP takeover after the gate opened. */
function zoneFigures(history: History, createdNs: number): Figure[] {
  const vrrpMs = Math.round(zoneReadyMs(defaultZoneSpec));
  const readyMs = Math.round((markNs(history, "zone-ready") - createdNs) / 1e6);
  const backup = eventsOf(history, "observed").find(({ event }) => event.node === "alpha" && event.role === "BACKUP");
  const openMs = Math.round(((backup?.event.t ?? Number.NaN) - createdNs) / 1e6);
  return [
    { name: "zone start until the gate of alpha opens", value: openMs, unit: "ms" },
    {
      name: "zone start until the first answer through the VIP",
      value: readyMs,
      unit: "ms",
      floor: openMs + vrrpMs,
      floorIs: "gate open + VRRP takeover",
    },
  ];
}

function observerFigures(history: History): Figure[] {
  const looks = eventsOf(history, "looks").map(({ event }) => event);
  const gaps = looks.map((event) => event.gapMaxNs / 1e6).sort((a, b) => a - b);
  const cpu = looks.reduce((sum, event) => sum + event.cpuNs, 0) / Math.max(1, looks.length) / 1e7;
  const round = (value: number) => Math.round(value * 10) / 10;
  return [
    {
      name: "observer: largest gap per second, median",
      value: round(gaps[gaps.length >> 1] ?? Number.NaN),
      unit: "ms",
      floor: 5,
      floorIs: "the sampling interval",
    },
    { name: "observer: largest gap of the run", value: round(gaps.at(-1) ?? Number.NaN), unit: "ms" },
    { name: "observer: CPU", value: round(cpu), unit: "% of a core" },
  ];
}

function failoverFigure(folder: string, planned: Parameters<typeof judgeScenario>[1]): Figure {
  const finding = judgeScenario(folder, planned).findings.find((one) => one.entry === "TIME-1");
  const value = Number(finding?.measured.failoverS ?? Number.NaN);
  return {
    name: "failover after a kill",
    value,
    unit: "s",
    floor: defaultZoneSpec.lease.takeMs / 1000,
    floorIs: "the lease, which must expire",
  };
}

async function memoryMib({ engine: { docker } }: Environment): Promise<number> {
  const containers = await docker.listContainers({ filters: { label: [label.zone] } });
  const stats = await Promise.all(containers.map((one) => docker.getContainer(one.Id).stats({ stream: false })));
  const bytes = stats.reduce(
    (sum, one) => sum + one.memory_stats.usage - (one.memory_stats.stats?.inactive_file ?? 0),
    0,
  );
  return Math.round(bytes / 2 ** 20);
}
