// Shows every check red: each seeded wrong zone is put through the scenarios of its own entry and must be found broken
// there. Other entries that it does not depend on must stay unharmed.

import { join } from "node:path";
import { seeded as seededRandom } from "#base/random.ts";
import { HarnessError } from "#base/errors.ts";
import { scenarioNamed, scenariosOf } from "#spec/scenarios/index.ts";
import type { Finding } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { defaultJobs } from "./default-jobs.ts";
import { runPool } from "./pool.ts";
import { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { runAlone } from "./run-one-scenario.ts";
import { amendOf, readMutant, type Mutant, mutantNames, withPatch } from "./mutants.ts";
import type { Environment } from "#zone/environment.ts";

export interface Proof {
  seeded: string;
  entry: string;
  says: string;
  /** Its own entry was found broken. */
  isShown: boolean;
  because: string;
  measured: Record<string, unknown>;
  /** Entries found broken that this zone should not have touched. */
  alsoBroken: string[];
}

export interface ProveRequest {
  suites: string[];
  only: string[];
  /** Zones side by side; as many as the machine carries when not given. */
  jobs?: number | undefined;
  seed: number;
  folder: string;
  signal: AbortSignal;
  onDone: (proof: Proof, done: number, all: number) => void;
}

/** The seeded zones that a selection asks for. @throws HarnessError when it asks for none. */
export function selectMutants(suites: readonly string[], only: readonly string[]): Mutant[] {
  const all = mutantNames().map(readMutant);
  suites.forEach(scenariosOf);
  const found = all.filter(
    (one) => (suites.length === 0 || suites.includes(one.suite)) && (only.length === 0 || only.includes(one.entry)),
  );
  const missing = only.filter((id) => !found.some((one) => one.entry === id));
  const within = suites.length > 0 ? ` in suite ${suites.join(", ")}` : "";
  if (missing.length > 0)
    throw new HarnessError("usage/unknown-entry", `no seeded zone is made for ${missing.join(", ")}${within}`);
  if (found.length === 0)
    throw new HarnessError("usage/unknown-suite", `no seeded zone belongs to suite ${suites.join(", ")}`);
  return found;
}

export async function prove(site: Environment, request: ProveRequest): Promise<Proof[]> {
  const zones = selectMutants(request.suites, request.only);
  const random = seededRandom(request.seed);
  const seeds = new Map(zones.map((one) => [one, random.below(2 ** 31)]));
  const proofs: Proof[] = [];
  using limiter = new ConcurrencyLimiter(request.jobs ?? defaultJobs(), { isFixed: request.jobs !== undefined });
  const proveZone = async (zone: Mutant) => {
    using _place = await limiter.enter(() => true, request.signal, zonesFor(zone));
    const proof = await proveOne(site, zone, { ...request, seed: seeds.get(zone)! });
    proofs.push(proof);
    request.onDone(proof, proofs.length, zones.length);
  };
  const results = [
    ...(await runPool(
      zones.filter((zone) => !isAlone(zone)),
      limiter.width,
      proveZone,
    )),
    ...(await runPool(zones.filter(isAlone), 1, proveZone)),
  ];
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return proofs.sort((a, b) => a.seeded.localeCompare(b.seeded));
}

/** One of its scenarios needs the machine for itself. */
function isAlone({ suite, scenarios }: Mutant): boolean {
  return scenarios.some((name) => scenarioNamed(suite, name).isAlone);
}

/** A scenario of a pair runs two at once. */
function zonesFor({ suite, scenarios }: Mutant): number {
  return Math.max(...scenarios.map((name) => scenarioNamed(suite, name).peers ?? 1));
}

async function proveOne(site: Environment, zone: Mutant, request: ProveRequest): Promise<Proof> {
  const findings: Finding[] = [];
  for (const name of zone.scenarios) {
    const scenario = scenarioNamed(zone.suite, name);
    findings.push(
      ...(await runAlone(site, {
        scenario,
        seed: request.seed,
        folder: join(request.folder, zone.name),
        zone: withPatch({ ...defaultZoneSpec, ...scenario.zone }, zone.zone),
        amend: amendOf(zone),
        signal: request.signal,
      })),
    );
  }
  return proofOf(zone, findings);
}

function proofOf(zone: Mutant, findings: Finding[]): Proof {
  const own = findings.filter((one) => one.entry === zone.entry);
  const broken = own.find((one) => one.verdict === "broken");
  const shown = broken ?? own[0];
  const others = findings.filter(
    (one) => one.verdict === "broken" && one.entry !== zone.entry && !zone.alsoBreaks.includes(one.entry),
  );
  return {
    seeded: zone.name,
    entry: zone.entry,
    says: zone.says,
    isShown: broken !== undefined,
    because: shown ? `${shown.verdict}: ${shown.because}` : "its scenarios do not decide its entry",
    measured: shown?.measured ?? {},
    alsoBroken: [...new Set(others.map((one) => one.entry))],
  };
}
