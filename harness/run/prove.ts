// Shows every check red: each seeded wrong zone is put through the scenarios of its own entry and must be found broken
// there. Other entries that it does not depend on must stay unharmed.

import { join } from "node:path";
import { seeded as seededRandom } from "#base/random.ts";
import { HarnessError } from "#base/errors.ts";
import { scenarioNamed, scenariosOf } from "#spec/scenarios/index.ts";
import type { Finding } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { defaultJobs } from "./jobs.ts";
import { runPool } from "./pool.ts";
import { Room } from "./room.ts";
import { runAlone } from "./run-alone.ts";
import { amendOf, readSeeded, type SeededZone, seededNames, withPatch } from "./seeded.ts";
import type { Site } from "./site.ts";

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
export function selectSeeded(suites: readonly string[], only: readonly string[]): SeededZone[] {
  const all = seededNames().map(readSeeded);
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

export async function prove(site: Site, request: ProveRequest): Promise<Proof[]> {
  const zones = selectSeeded(request.suites, request.only);
  const random = seededRandom(request.seed);
  const seeds = new Map(zones.map((one) => [one, random.below(2 ** 31)]));
  const proofs: Proof[] = [];
  using room = new Room(request.jobs ?? defaultJobs(), { isFixed: request.jobs !== undefined });
  const proveZone = async (zone: SeededZone) => {
    using _place = await room.enter(() => true, request.signal, zonesFor(zone));
    const proof = await proveOne(site, zone, { ...request, seed: seeds.get(zone)! });
    proofs.push(proof);
    request.onDone(proof, proofs.length, zones.length);
  };
  const results = [
    ...(await runPool(
      zones.filter((zone) => !isAlone(zone)),
      room.width,
      proveZone,
    )),
    ...(await runPool(zones.filter(isAlone), 1, proveZone)),
  ];
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return proofs.sort((a, b) => a.seeded.localeCompare(b.seeded));
}

/** One of its scenarios needs the machine for itself. */
function isAlone({ suite, scenarios }: SeededZone): boolean {
  return scenarios.some((name) => scenarioNamed(suite, name).isAlone);
}

/** A scenario of a pair runs two at once. */
function zonesFor({ suite, scenarios }: SeededZone): number {
  return Math.max(...scenarios.map((name) => scenarioNamed(suite, name).peers ?? 1));
}

async function proveOne(site: Site, zone: SeededZone, request: ProveRequest): Promise<Proof> {
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

function proofOf(zone: SeededZone, findings: Finding[]): Proof {
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
