// Zones that `triad up` leaves running: named, owned by nobody's process, remembered in a file in the cache, and
// attached to again by each later command.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { keepEmbedded } from "#engine/embedded.ts";
import { keptOwner } from "#engine/labels.ts";
import { cacheFolder } from "#engine/paths.ts";
import { sweepZone } from "#engine/sweep.ts";
import type { HistoryEvent } from "#history/event.ts";
import type { FaultSpec } from "#spec/fault-spec.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { attachZone, type StartedZone, Zone } from "#zone/zone.ts";
import type { ZoneRequest } from "#zone/zone-request.ts";
import type { Site } from "./site.ts";

/** What is remembered of a kept zone. */
export interface KeptZone {
  name: string;
  plan: ZonePlan;
  /** Faults that `triad heal` takes back. */
  standing: FaultSpec[];
}

const folder = () => join(cacheFolder(), "zones");
const fileOf = (name: string) => join(folder(), `${name}.json`);

export function keptZones(): KeptZone[] {
  if (!existsSync(folder())) return [];
  const names = readdirSync(folder()).filter((name) => name.endsWith(".json"));
  return names.map((name) => JSON.parse(readFileSync(join(folder(), name), "utf8")) as KeptZone);
}

/** The zone of that name, or the only one. @throws HarnessError `usage/unknown-zone` */
export function findKept(name?: string): KeptZone {
  const all = keptZones();
  const names = all.map((one) => one.name).join(", ") || "none is up";
  if (name === undefined && all.length !== 1)
    throw new HarnessError("usage/unknown-zone", `${all.length} zones are up; name one`, { expected: names });
  const found = name === undefined ? all[0] : all.find((one) => one.name === name);
  if (!found) throw new HarnessError("usage/unknown-zone", `no zone "${name}" is up`, { expected: names });
  return found;
}

export function saveKept(kept: KeptZone): void {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(fileOf(kept.name), JSON.stringify(kept), { mode: 0o600 });
}

function requestFor(site: Site, id: string, spec: ZoneSpec): ZoneRequest {
  const ignore = () => {};
  return {
    id,
    owner: keptOwner,
    spec,
    docker: site.engine.docker,
    ground: site.ground,
    privileges: site.privileges,
    images: site.images,
    onEvent: ignore,
    onNoise: ignore,
    onLost: ignore,
  };
}

/** Starts a zone and lets it stand. */
export async function startKept(site: Site, name: string, spec: ZoneSpec): Promise<KeptZone> {
  if (keptZones().some((one) => one.name === name))
    throw new HarnessError("usage/bad-value", `a zone "${name}" is up already`);
  if (site.engine.kind === "embedded") keepEmbedded(true);
  const zone = await new Zone(requestFor(site, `kept-${name}`, spec)).start();
  const kept = { name, plan: zone.plan, standing: [] };
  saveKept(kept);
  await zone.leave();
  return kept;
}

/**
 * `onEvent` hears what the zone tells, once somebody opens its observer.
 *
 * @throws HarnessError `zone/not-running`
 */
export async function attachKept(
  site: Site,
  kept: KeptZone,
  onEvent?: (event: HistoryEvent) => void,
): Promise<StartedZone> {
  const request = requestFor(site, kept.plan.id, kept.plan.spec);
  return attachZone({ ...request, ...(onEvent ? { onEvent } : {}) }, kept.plan);
}

/** Removes a kept zone, which need not run, and lets an embedded engine end when it was the last. */
export async function endKept(site: Site, kept: KeptZone): Promise<void> {
  const { freedIndices } = await sweepZone(site.engine.docker, kept.plan.id);
  // Not the plan's: where its networks are gone already, its index may be another zone's by now.
  for (const index of freedIndices) await site.ground.release(index);
  rmSync(fileOf(kept.name), { force: true });
  if (keptZones().length === 0 && site.engine.kind === "embedded") keepEmbedded(false);
}
