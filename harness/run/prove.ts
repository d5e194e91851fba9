// Shows that every check can fail: runs each mutant through the scenarios of its own entry, which must come out broken.
// No other entry may come out broken, except those in `alsoBreaks`.

import { join } from "node:path";
import { seeded as seededRandom } from "#base/random.ts";
import { HarnessError } from "#base/errors.ts";
import { askedEverywhere } from "#checkers/asked-everywhere.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { scenarioNamed, scenariosOf } from "#spec/scenarios/index.ts";
import type { Figures } from "#spec/figures.ts";
import type { Finding } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { defaultJobs } from "./default-jobs.ts";
import { runPool } from "./pool.ts";
import { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { runOneScenario } from "./run-one-scenario.ts";
import { amendOf, readMutant, type Mutant, mutantNames, withSettings } from "./mutants.ts";
import type { Environment } from "#zone/environment.ts";

export interface Proof {
  mutant: string;
  entry: string;
  says: string;
  /** Its own entry came out broken. */
  isShown: boolean;
  because: string;
  measured: Figures;
  /** Entries that came out broken although this mutant should not affect them. */
  alsoBroken: string[];
}

export interface ProveRequest {
  suites: string[];
  /** Ids of entries and names of mutants. */
  only: string[];
  /** Zones side by side; by default as many as the machine can run. */
  jobs?: number | undefined;
  seed: number;
  folder: string;
  signal: AbortSignal;
  onDone: (proof: Proof, done: number, all: number) => void;
}

/**
 * The mutants of a selection. `only`: ids of entries and names of mutants. @throws HarnessError when there are none.
 */
export function selectMutants(suites: readonly string[], only: readonly string[]): Mutant[] {
  const all = mutantNames().map(readMutant);
  suites.forEach(scenariosOf);
  const isNamed = (one: Mutant, word: string) => word === one.entry || word === one.name;
  const found = all.filter(
    (one) =>
      (suites.length === 0 || suites.includes(one.suite)) &&
      (only.length === 0 || only.some((word) => isNamed(one, word))),
  );
  const missing = only.filter((word) => !found.some((one) => isNamed(one, word)));
  const within = suites.length > 0 ? ` in suite ${suites.join(", ")}` : "";
  if (missing.length > 0)
    throw new HarnessError("usage/unknown-entry", `there is no mutant for ${missing.join(", ")}${within}`);
  if (found.length === 0)
    throw new HarnessError("usage/unknown-suite", `there is no mutant in suite ${suites.join(", ")}`);
  return found;
}

export async function prove(environment: Environment, request: ProveRequest): Promise<Proof[]> {
  const mutants = selectMutants(request.suites, request.only);
  const random = seededRandom(request.seed);
  const seeds = new Map(mutants.map((one) => [one, random.below(2 ** 31)]));
  const proofs: Proof[] = [];
  using limiter = new ConcurrencyLimiter(request.jobs ?? defaultJobs(), { isFixed: request.jobs !== undefined });
  const proveMutant = async (mutant: Mutant) => {
    using _slot = await limiter.acquire(() => true, request.signal, zonesFor(mutant));
    const proof = await proveOne(environment, mutant, { ...request, seed: seeds.get(mutant)! });
    proofs.push(proof);
    request.onDone(proof, proofs.length, mutants.length);
  };
  const results = [
    ...(await runPool(
      mutants.filter((mutant) => !isAlone(mutant)),
      limiter.width,
      proveMutant,
    )),
    ...(await runPool(mutants.filter(isAlone), 1, proveMutant)),
  ];
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return proofs.sort((a, b) => a.mutant.localeCompare(b.mutant));
}

/** One of its scenarios needs the whole machine. */
function isAlone({ suite, scenarios }: Mutant): boolean {
  return scenarios.some((name) => scenarioNamed(suite, name).isAlone);
}

/** A scenario of a pair runs two zones at once. */
function zonesFor({ suite, scenarios }: Mutant): number {
  return Math.max(...scenarios.map((name) => scenarioNamed(suite, name).peers ?? 1));
}

async function proveOne(environment: Environment, mutant: Mutant, request: ProveRequest): Promise<Proof> {
  const findings: Finding[] = [];
  const amend = await amendOf(mutant);
  for (const name of mutant.scenarios) {
    const scenario = scenarioNamed(mutant.suite, name);
    const found = await runOneScenario(environment, {
      scenario,
      seed: request.seed,
      folder: join(request.folder, mutant.name),
      zone: withSettings({ ...defaultZoneSpec, ...scenario.zone }, mutant.zone),
      amend,
      signal: request.signal,
    });
    findings.push(...findingsThatCount(found, mutant, scenario));
  }
  return proofOf(mutant, findings);
}

/**
 * The findings that a proof rests on. A rule that is asked everywhere may find the mutant's mistake too. That is no
 * side effect of the mutant, so it counts for the mutant's own entry only.
 */
export function findingsThatCount(
  found: readonly Finding[],
  mutant: Pick<Mutant, "entry">,
  scenario: ScenarioSpec,
): Finding[] {
  return found.filter(({ entry }) => entry === mutant.entry || isProvoked(scenario, entry));
}

/** The entry is asked because of this scenario, and not because it is asked everywhere. */
function isProvoked(scenario: ScenarioSpec, entry: string): boolean {
  return scenario.provokes.includes(entry) || (scenario.entries.includes(entry) && !askedEverywhere.has(entry));
}

function proofOf(mutant: Mutant, findings: Finding[]): Proof {
  const own = findings.filter((one) => one.entry === mutant.entry);
  const broken = own.find((one) => one.verdict === "broken");
  const shown = broken ?? own[0];
  const others = findings.filter(
    (one) => one.verdict === "broken" && one.entry !== mutant.entry && !mutant.alsoBreaks.includes(one.entry),
  );
  return {
    mutant: mutant.name,
    entry: mutant.entry,
    says: mutant.says,
    isShown: broken !== undefined,
    because: shown ? `${shown.verdict}: ${shown.because}` : "its scenarios do not decide its own entry",
    measured: shown?.measured ?? {},
    alsoBroken: [...new Set(others.map((one) => one.entry))],
  };
}
