// Shows that every check can fail: runs each mutant through the scenarios of its own entry, which must come out broken.
// No other entry may come out broken, except those in `alsoBreaks`. The runs share one machine, and a crowded machine
// makes entries unknown. So a zone starts beside others only while the machine is calm. A scenario that contention kept
// from a verdict runs again at the end, alone.

import { join } from "node:path";
import { seeded as seededRandom } from "#base/random.ts";
import { HarnessError } from "#base/errors.ts";
import { askedEverywhere } from "#checkers/asked-everywhere.ts";
import { contendedPerCore, isUnknownFromContention } from "#checkers/queries/contention.ts";
import { withDraw } from "#spec/draw.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { scenarioNamed, scenariosOf } from "#spec/scenarios/index.ts";
import type { Figures } from "#spec/figures.ts";
import type { Finding } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { defaultJobs } from "./default-jobs.ts";
import { runPool } from "./pool.ts";
import { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { countNow } from "./cpu-demand.ts";
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
  /** Contention kept a scenario from a verdict, and it ran again with no other zone beside it. */
  isJudgedAlone: boolean;
}

export interface ProveRequest {
  suites: string[];
  /** Ids of entries and names of mutants. */
  only: string[];
  /** Zones side by side at most; fewer while the machine is busy. By default as many as the machine can run. */
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

/** Half of what makes an entry unknown: the zone that starts adds to it, and a starting zone costs most. */
const calmPerCore = contendedPerCore / 2;

/** Replaced in tests. */
export interface ProveParts {
  run?: typeof runOneScenario;
  count?: typeof countNow;
}

/** What the runs of a mutant left, by scenario. */
type Judged = Map<string, Finding[]>;

interface Again {
  mutant: Mutant;
  judged: Judged;
  wasContended: boolean;
}

/** The proofs so far, when the signal ended the run after the first one. @throws the signal's reason before that. */
export async function prove(
  environment: Environment,
  request: ProveRequest,
  { run = runOneScenario, count = countNow }: ProveParts = {},
): Promise<Proof[]> {
  const mutants = selectMutants(request.suites, request.only);
  const random = seededRandom(request.seed);
  const seeds = new Map(mutants.map((one) => [one, random.below(2 ** 31)]));
  const proofs: Proof[] = [];
  const again: Again[] = [];
  using limiter = new ConcurrencyLimiter(request.jobs ?? defaultJobs(), { isFixed: false, calmPerCore, count });
  const judge = async (mutant: Mutant, scenarios: readonly string[], folder: string): Promise<Again> => {
    using slot = await limiter.acquire(() => true, request.signal, zonesFor(mutant));
    const one = { ...request, seed: seeds.get(mutant)!, folder: join(request.folder, folder) };
    const judged = await runMutant(environment, { mutant, scenarios, request: one, run });
    return { mutant, judged, wasContended: slot?.wasContended === true };
  };
  const report = (proof: Proof) => {
    proofs.push(proof);
    request.onDone(proof, proofs.length, mutants.length);
  };
  const proveMutant = async (mutant: Mutant) => {
    const first = await judge(mutant, mutant.scenarios, mutant.name);
    if (request.signal.aborted) return;
    if (unjudged(first).length > 0) again.push(first);
    else report(proofOf(mutant, first.judged));
  };
  const proveAlone = async (first: Again) => {
    const { mutant, judged } = first;
    const alone = await judge(mutant, unjudged(first), `${mutant.name}-alone`);
    if (request.signal.aborted) return;
    report({ ...proofOf(mutant, withLater(judged, alone.judged)), isJudgedAlone: true });
  };
  const shared = mutants.filter((mutant) => !isAlone(mutant));
  const results = [
    ...(await runPool(shared, limiter.width, proveMutant)),
    ...(await runPool(mutants.filter(isAlone), 1, proveMutant)),
    ...(await runPool(again, 1, proveAlone)),
  ];
  const failed = results.find((result) => result.status === "rejected");
  if (failed && (!request.signal.aborted || proofs.length === 0)) throw failed.reason;
  return proofs.sort((a, b) => a.mutant.localeCompare(b.mutant));
}

/**
 * Scenarios to run again: those that contention kept from a verdict on the mutant's own entry, when no scenario broke
 * it. On a contended machine the harness itself may have trouble, and then no sentence names the contention. What is
 * kept or broken is a verdict and stands.
 */
function unjudged({ mutant: { entry, scenarios }, judged, wasContended }: Again): string[] {
  const own = (name: string) => (judged.get(name) ?? []).filter((one) => one.entry === entry);
  if (scenarios.some((name) => own(name).some(({ verdict }) => verdict === "broken"))) return [];
  const isUnjudged = (one: Finding) => isUnknownFromContention(one) || (wasContended && one.verdict === "unknown");
  return scenarios.filter((name) => own(name).some(isUnjudged));
}

/** One of its scenarios needs the whole machine. */
function isAlone({ suite, scenarios }: Mutant): boolean {
  return scenarios.some((name) => scenarioNamed(suite, name).isAlone);
}

/** A scenario of a pair runs two zones at once. */
function zonesFor({ suite, scenarios }: Mutant): number {
  return Math.max(...scenarios.map((name) => scenarioNamed(suite, name).peers ?? 1));
}

/** Every verdict of the first run stands. The later run adds what that one could not judge. */
function withLater(judged: Judged, later: Judged): Judged {
  const verdicts = (found: readonly Finding[]) => found.filter(({ verdict }) => verdict !== "unknown");
  return new Map(
    [...judged].map(([name, found]) => {
      const added = later.get(name);
      return [name, added ? [...verdicts(found), ...added] : found];
    }),
  );
}

interface MutantRun {
  mutant: Mutant;
  scenarios: readonly string[];
  request: ProveRequest;
  run: typeof runOneScenario;
}

async function runMutant(environment: Environment, { mutant, scenarios, request, run }: MutantRun): Promise<Judged> {
  const judged: Judged = new Map();
  const amend = await amendOf(mutant);
  for (const name of scenarios) {
    const scenario = withDraw(scenarioNamed(mutant.suite, name), mutant.draw);
    const found = await run(environment, {
      scenario,
      seed: request.seed,
      folder: request.folder,
      zone: withSettings({ ...defaultZoneSpec, ...scenario.zone }, mutant.zone),
      amend,
      signal: request.signal,
    });
    judged.set(name, findingsThatCount(found, mutant, scenario));
  }
  return judged;
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

function proofOf(mutant: Mutant, judged: Judged): Proof {
  const findings = [...judged.values()].flat();
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
    isJudgedAlone: false,
  };
}
