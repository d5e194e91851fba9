// Zones that `triad up` and `gate --keep` leave running: named, owned by nobody's process, remembered by kept-files.ts,
// and attached to again by each later command.

import { keepEmbedded } from "#engine/embedded.ts";
import { keptOwner } from "#engine/labels.ts";
import { sweepZone } from "#engine/sweep.ts";
import type { HistoryEvent } from "#history/event.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { attachZone } from "#zone/attach-zone.ts";
import { Zone } from "#zone/start-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { ZoneRequest } from "#zone/zone-request.ts";
import {
  forget,
  isReserved,
  keptIdOf,
  type KeptZone,
  type RememberedZone,
  rememberedZones,
  reserve,
  reserveNumbered,
  saveKept,
} from "./kept-files.ts";
import type { Environment } from "#zone/environment.ts";

function requestFor(site: Environment, id: string, spec: ZoneSpec): ZoneRequest {
  const ignore = () => {};
  return {
    id,
    owner: keptOwner,
    spec,
    docker: site.engine.docker,
    bridges: site.bridges,
    privileges: site.privileges,
    images: site.images,
    onEvent: ignore,
    onNoise: ignore,
    onLost: ignore,
  };
}

/** Starts a zone and lets it stand. What was made of it is removed when that fails, or when the signal fires meanwhile. */
export async function startKept(
  site: Environment,
  { name, spec, signal }: { name: string; spec: ZoneSpec; signal: AbortSignal },
): Promise<KeptZone> {
  // Its objects are labelled as kept, and no sweep takes those: they are remembered before there are any.
  const reserved = reserve(name, keptIdOf(name));
  try {
    signal.throwIfAborted();
    const zone = await new Zone(requestFor(site, reserved.id, spec)).start();
    signal.throwIfAborted();
    const kept = { name, plan: zone.plan, standing: [] };
    remember(site, kept);
    await zone.leave();
    return kept;
  } catch (error) {
    // What cannot be removed now stays remembered, for `triad down`.
    await endKept(site, reserved).catch(() => {});
    throw error;
  }
}

/** Lets a zone of a run stand. @returns the name that commands know it by. */
export async function letStand(site: Environment, zone: StartedZone): Promise<string> {
  const { name } = reserveNumbered(zone.plan.id);
  remember(site, { name, plan: zone.plan, standing: [] });
  await zone.leave();
  return name;
}

function remember(site: Environment, kept: KeptZone): void {
  saveKept(kept);
  if (site.engine.kind === "embedded") keepEmbedded(true);
}

/**
 * `onEvent` hears what the zone tells, once somebody opens its observer.
 *
 * @throws HarnessError `zone/not-running`
 */
export async function attachKept(
  site: Environment,
  kept: KeptZone,
  onEvent?: (event: HistoryEvent) => void,
): Promise<StartedZone> {
  const request = requestFor(site, kept.plan.id, kept.plan.spec);
  return attachZone({ ...request, ...(onEvent ? { onEvent } : {}) }, kept.plan);
}

/** Removes what there is of a zone, which need not run, and lets an embedded engine end when it was the last. */
export async function endKept(site: Environment, zone: RememberedZone): Promise<void> {
  const { freedIndices } = await sweepZone(site.engine.docker, isReserved(zone) ? zone.id : zone.plan.id);
  // Not the plan's: where its networks are gone already, its index may be another zone's by now.
  for (const index of freedIndices) await site.bridges.release(index);
  forget(zone.name);
  if (rememberedZones().length === 0 && site.engine.kind === "embedded") keepEmbedded(false);
}
