// The plan of a run: every scenario, repeat, seed and entry, written before anything is started. What ran must equal
// it: a planned scenario without a history makes its entries unknown.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wallTime } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { seeded } from "#base/random.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { select } from "#spec/scenarios/index.ts";
import { type Declared, everyRun } from "#spec/profile.ts";
import { type Bounds, defaultBounds } from "#spec/verdict.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import { defaultJobs } from "./default-jobs.ts";

export interface PlannedScenario {
  name: string;
  suite: string;
  repeat: number;
  seed: number;
  entries: string[];
}

export interface RunPlan {
  format: "triad-plan/1";
  id: string;
  startedAt: string;
  seed: number;
  command: string;
  suites: string[];
  only: string[];
  repeat: number;
  /** Zones side by side, at most. */
  jobs: number;
  /** Asked for: as many at once, whatever the machine carries. */
  areJobsGiven?: boolean;
  tier: Tier;
  /** Instead of what scenarios that ask for a disk ask for. */
  stores?: StoreKind;
  /** A nats-server binary that replaces the packaged one. */
  natsServer?: string;
  /** Zones that broke a promise stay up. */
  isKept: boolean;
  bounds: Bounds;
  /** What the zone's profile declares; absent without one. */
  profile?: Declared;
  /** Every entry that gets a verdict. */
  entries: string[];
  scenarios: PlannedScenario[];
}

export interface PlanRequest {
  suites: string[];
  only: string[];
  repeat: number;
  jobs?: number | undefined;
  seed: number;
  tier: Tier;
  isKept: boolean;
  stores?: StoreKind;
  natsServer?: string;
  bounds?: Partial<Bounds>;
  profile?: Declared & { path: string };
}

/**
 * Entries that the profile declares not applicable are neither provoked nor judged, and stand in the plan all the same.
 *
 * @throws HarnessError `usage/bad-value` when nothing is left to run; what select throws.
 */
export function planRun(request: PlanRequest): RunPlan {
  const excused = new Set(request.profile?.notApplicable.map(({ entry }) => entry));
  const selected = select(request.suites, request.only);
  const scenarios = selected.filter((one) => one.provokes.some((id) => !excused.has(id)));
  if (scenarios.length === 0)
    throw new HarnessError("usage/bad-value", "the profile leaves nothing to run of what was asked for");
  const random = seeded(request.seed);
  const repeats = Array.from({ length: request.repeat }, (_, repeat) => repeat + 1);
  const planned = repeats.flatMap((repeat) =>
    scenarios.map((one) => ({
      name: one.name,
      suite: one.suite,
      repeat,
      seed: random.below(2 ** 31),
      entries: entriesOf(one, request.only).filter((id) => !excused.has(id)),
    })),
  );
  return {
    format: "triad-plan/1",
    id: `${wallTime().slice(0, 19).replaceAll(/[-:]/g, "")}-${random.hex(4)}`,
    startedAt: wallTime(),
    seed: request.seed,
    command: commandOf(request),
    suites: [...new Set(scenarios.map((one) => one.suite))],
    only: request.only,
    repeat: request.repeat,
    jobs: request.jobs ?? defaultJobs(),
    areJobsGiven: request.jobs !== undefined,
    tier: request.tier,
    isKept: request.isKept,
    ...(request.stores ? { stores: request.stores } : {}),
    ...(request.natsServer ? { natsServer: request.natsServer } : {}),
    bounds: { ...defaultBounds, ...request.bounds },
    ...(request.profile ? { profile: declaredOf(request.profile) } : {}),
    entries: [...new Set([...planned.flatMap((one) => one.entries), ...excusedHere(request, selected)])].sort(),
    scenarios: planned,
  };
}

function declaredOf({ notApplicable, waivers }: Declared): Declared {
  return { notApplicable, waivers };
}

/** All that the profile excuses in a run of everything; else what the selection would have decided. */
function excusedHere({ suites, only, profile }: PlanRequest, selected: readonly ScenarioSpec[]): string[] {
  const ids = profile?.notApplicable.map(({ entry }) => entry) ?? [];
  if (suites.length === 0 && only.length === 0) return ids;
  const decided = selected.flatMap((one) => entriesOf(one, only));
  return ids.filter((id) => decided.includes(id));
}

/** With a selection by entry, only what was asked for is judged, and what every run judges. */
function entriesOf(scenario: ScenarioSpec, only: readonly string[]): string[] {
  if (only.length === 0) return scenario.entries;
  return scenario.entries.filter((id) => only.includes(id) || everyRun.includes(id));
}

function commandOf(request: PlanRequest): string {
  const words = ["./triad gate"];
  if (request.suites.length > 0) words.push("--suite", request.suites.join(","));
  if (request.only.length > 0) words.push("--only", request.only.join(","));
  words.push("--repeat", String(request.repeat));
  if (request.jobs !== undefined) words.push("--jobs", String(request.jobs));
  words.push("--seed", String(request.seed));
  if (request.tier !== "standard") words.push("--tier", request.tier);
  if (request.stores) words.push("--stores", request.stores);
  if (request.profile) words.push("--profile", request.profile.path);
  if (request.natsServer) words.push("--nats-server", request.natsServer);
  return words.join(" ");
}

export const planFile = "plan.json";

export function writePlan(folder: string, plan: RunPlan): void {
  writeFileSync(join(folder, planFile), `${JSON.stringify(plan, null, 2)}\n`, { flag: "wx" });
}

/** @throws HarnessError `usage/not-evidence` */
export function readPlan(folder: string): RunPlan {
  const path = join(folder, planFile);
  if (!existsSync(path)) throw new HarnessError("usage/not-evidence", `${folder} holds no ${planFile}`);
  try {
    return JSON.parse(readFileSync(path, "utf8")) as RunPlan;
  } catch (error) {
    throw new HarnessError("usage/not-evidence", `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Folder of one scenario's evidence inside a run's folder. */
export function scenarioFolder(planned: Pick<PlannedScenario, "name" | "repeat">): string {
  return join("scenarios", `${planned.name}-${planned.repeat}`);
}
