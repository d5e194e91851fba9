// Makes the plan of a run from what was asked for. The same seed gives the same plan, but for its id and its time.

import { wallTime } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import { type Random, seeded } from "#base/random.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { drawFor } from "#spec/draw.ts";
import { type Declared, everyRun } from "#spec/profile.ts";
import { wrongBound } from "#spec/bounds.ts";
import { plannedFaults, plannedPeerFaults, type ScenarioSpec } from "#spec/scenario.ts";
import { select } from "#spec/scenarios/index.ts";
import { type Bounds, defaultBounds } from "#spec/verdict.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import { defaultJobs } from "./default-jobs.ts";
import { harnessDigest } from "./saved/harness-digest.ts";
import type { PlannedScenario, RunPlan } from "./plan.ts";
import { scenarioOf, zoneOf } from "./planned-zone.ts";

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
  controller?: string;
  image?: Record<NodeName, string>;
  /** What the nodes of that image are like. */
  contract?: NodeContract;
  bounds?: Partial<Bounds>;
  profile?: Declared & { path: string };
}

/**
 * The plan lists entries that the profile declares not applicable, but no scenario provokes or decides them.
 *
 * @throws HarnessError `usage/bad-value` when nothing is left to run; and what `select` throws.
 */
export function planRun(request: PlanRequest): RunPlan {
  const excused = new Set(request.profile?.notApplicable.map(({ entry }) => entry));
  const selected = select(request.suites, request.only);
  const scenarios = selected.filter((one) => one.provokes.some((id) => !excused.has(id)));
  if (scenarios.length === 0) throw new HarnessError("usage/bad-value", "the profile excludes every selected scenario");
  const random = seeded(request.seed);
  const repeats = Array.from({ length: request.repeat }, (_, repeat) => repeat + 1);
  const planned = repeats.flatMap((repeat) =>
    scenarios.map((one) => {
      const entries = entriesOf(one, request.only).filter((id) => !excused.has(id));
      const draw = drawFor(one, { seed: request.seed, repeat });
      const { name, suite } = one;
      return bindPlanned({ name, suite, repeat, seed: random.below(2 ** 31), entries, ...defined({ draw }) }, request);
    }),
  );
  const suites = [...new Set(scenarios.map((one) => one.suite))];
  const plan = assemble({ ...request, suites }, { scenarios: planned, command: commandOf(request), random });
  return { ...plan, entries: [...new Set([...plan.entries, ...excusedHere(request, selected)])].sort() };
}

/**
 * The plan of these scenarios.
 *
 * @param random gives the run its name.
 */
export function assemble(
  request: PlanRequest,
  { scenarios, command, random }: { scenarios: PlannedScenario[]; command: string; random: Random },
): RunPlan {
  const bounds = { ...defaultBounds, ...request.bounds };
  refuseBounds(bounds);
  return {
    format: "triad-plan/2",
    harness: harnessDigest(),
    id: `${wallTime().slice(0, 19).replaceAll(/[-:]/g, "")}-${random.hex(4)}`,
    startedAt: wallTime(),
    seed: request.seed,
    command,
    suites: request.suites,
    only: request.only,
    repeat: request.repeat,
    jobs: request.jobs ?? defaultJobs(),
    areJobsGiven: request.jobs !== undefined,
    tier: request.tier,
    isKept: request.isKept,
    bounds,
    ...defined({
      stores: request.stores,
      natsServer: request.natsServer,
      controller: request.controller,
      image: request.image,
      contract: request.contract,
    }),
    ...(request.profile ? { profile: declaredOf(request.profile) } : {}),
    entries: [...new Set(scenarios.flatMap((one) => one.entries))].sort(),
    scenarios,
  };
}

/** What will be done, in all its fields: histories are held to it. */
export function bindPlanned(planned: PlannedScenario, request: Pick<PlanRequest, "tier" | "stores">): PlannedScenario {
  const scenario = scenarioOf(planned);
  const [faults, peerFaults] = [plannedFaults(scenario), plannedPeerFaults(scenario)];
  return { ...planned, faults, peerFaults, zone: zoneOf(planned, request) };
}

function refuseBounds(bounds: Bounds): void {
  const wrong = wrongBound(bounds);
  if (wrong) throw new HarnessError("usage/bad-value", `the profile: ${wrong.happened}`, { expected: wrong.expected });
}

function declaredOf({ notApplicable, waivers }: Declared): Declared {
  return { notApplicable, waivers };
}

/** Entries that the profile excuses: all of them without a selection, else those that the selection would decide. */
function excusedHere({ suites, only, profile }: PlanRequest, selected: readonly ScenarioSpec[]): string[] {
  const ids = profile?.notApplicable.map(({ entry }) => entry) ?? [];
  if (suites.length === 0 && only.length === 0) return ids;
  const decided = selected.flatMap((one) => entriesOf(one, only));
  return ids.filter((id) => decided.includes(id));
}

/** A selection by entry judges the selected entries, and those that every run judges. */
function entriesOf(scenario: ScenarioSpec, only: readonly string[]): string[] {
  if (only.length === 0) return scenario.entries;
  return scenario.entries.filter((id) => only.includes(id) || everyRun.includes(id));
}

function commandOf(request: PlanRequest): string {
  const words = ["./triad gate"];
  if (request.suites.length > 0) words.push("--suite", request.suites.join(","));
  return [...words, ...optionsOf(request)].join(" ");
}

/** The options that give this run again. */
export function optionsOf(request: Omit<PlanRequest, "suites">): string[] {
  const words: string[] = [];
  if (request.only.length > 0) words.push("--only", request.only.join(","));
  words.push("--repeat", String(request.repeat));
  if (request.jobs !== undefined) words.push("--jobs", String(request.jobs));
  words.push("--seed", String(request.seed));
  if (request.tier !== "standard") words.push("--tier", request.tier);
  if (request.stores) words.push("--stores", request.stores);
  if (request.profile) words.push("--profile", request.profile.path);
  if (request.natsServer) words.push("--nats-server", request.natsServer);
  if (request.image) words.push("--image", imageWord(request.image));
  if (request.controller) words.push("--controller", request.controller);
  return words;
}

function imageWord(image: Record<NodeName, string>): string {
  const isOne = nodeNames.every((name) => image[name] === image.alpha);
  return isOne ? image.alpha : nodeNames.map((name) => `${name}=${image[name]}`).join(",");
}
