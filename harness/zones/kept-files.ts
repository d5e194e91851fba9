// The record of zones that stay up: one file per zone in the cache folder. kept-zones.ts starts and ends the zones.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { isOwnerAlive, ownerOf } from "#engine/owner.ts";
import { cacheFolder } from "#engine/paths.ts";
import type { NodeImage } from "#spec/contract/node-image.ts";
import type { NodeName } from "#spec/node.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { zoneIndexCount } from "#topology/plan-zone.ts";

/** A fault by hand that is not undone, and its number in the zone's history. */
export interface StandingFault {
  id: number;
  spec: FaultSpec;
}

/** A zone that is up. */
export interface KeptZone {
  name: string;
  plan: ZonePlan;
  /** Tag of the node image, where the zone runs another controller than the reference one. */
  nodeImage?: string;
  /** The node images, where they are not of this repository. */
  nodeImages?: Record<NodeName, NodeImage>;
  /** Faults that `triad heal` must undo. */
  standing: StandingFault[];
}

/** A name that is reserved for a zone that is being started. Its containers can be found only by their labels. */
export interface ReservedZone {
  name: string;
  /** The label of its containers, networks and volumes. */
  id: string;
  /** Owner name of the process that starts the zone. */
  starter: string;
}

export type RememberedZone = KeptZone | ReservedZone;

const folder = () => join(cacheFolder(), "zones");
const fileOf = (name: string) => join(folder(), `${name}.json`);

/** The label of a zone called `name`, unless a run made the zone. */
export const keptIdOf = (name: string) => `kept-${name}`;

export function isReserved(zone: RememberedZone): zone is ReservedZone {
  return "starter" in zone;
}

/** Without /proc this cannot be known. Then the zone counts as abandoned, so that a person can remove it. */
export function isBeingStarted({ starter }: ReservedZone): boolean {
  return !starter.endsWith("-0") && isOwnerAlive(starter);
}

export function rememberedZones(): RememberedZone[] {
  if (!existsSync(folder())) return [];
  const files = readdirSync(folder()).filter((file) => file.endsWith(".json"));
  return files.flatMap((file) => read(file.slice(0, -".json".length)) ?? []);
}

function read(name: string): RememberedZone | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(fileOf(name), "utf8"));
    return isRemembered(found) ? found : abandoned(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // removed a moment ago
    // Truncated: the writer or the machine crashed.
    if (error instanceof SyntaxError) return abandoned(name);
    throw error;
  }
}

/** What can only be removed. */
const abandoned = (name: string): ReservedZone => ({ name, id: keptIdOf(name), starter: "" });

/** Another version, or another program, may have written the file. */
function isRemembered(found: unknown): found is RememberedZone {
  if (typeof found !== "object" || found === null) return false;
  const { id, starter, plan, standing } = found as Partial<ReservedZone & KeptZone>;
  if (starter !== undefined) return typeof starter === "string" && typeof id === "string";
  return typeof plan?.id === "string" && Array.isArray(standing);
}

/** The zone of that name, or the only one. @throws HarnessError `usage/unknown-zone` */
export function findRemembered(name?: string): RememberedZone {
  return pick(rememberedZones(), name);
}

/** The same, but only zones that are up. @throws HarnessError `usage/unknown-zone` */
export function findKept(name?: string): KeptZone {
  const all = rememberedZones();
  const named = all.find((one) => one.name === name);
  if (named && isReserved(named)) throw new HarnessError("usage/unknown-zone", reservedText(named));
  const kept = all.filter((one): one is KeptZone => !isReserved(one));
  return pick(kept, name);
}

function pick<Zone extends RememberedZone>(all: Zone[], name: string | undefined): Zone {
  const names = all.map((one) => one.name).join(", ") || "start one: ./triad up";
  if (name === undefined && all.length !== 1)
    throw new HarnessError(
      "usage/unknown-zone",
      all.length === 0 ? "no zone is up" : `${all.length} zones are up: give the name of one`,
      {
        expected: names,
      },
    );
  const found = name === undefined ? all[0] : all.find((one) => one.name === name);
  if (!found) throw new HarnessError("usage/unknown-zone", `zone "${name}" is not up`, { expected: names });
  return found;
}

/** Reserves a name before the zone is started. @throws HarnessError `usage/bad-value` when the name is in use */
export function reserve(name: string, id: string): ReservedZone {
  const zone = tryReserve(name, id);
  if (!zone) throw takenError(name);
  return zone;
}

/** Reserves the first free name of kept-1, kept-2, …, for a zone of a run. */
export function reserveNumbered(id: string): ReservedZone {
  for (let number = 1; number <= zoneIndexCount; number++) {
    const zone = tryReserve(`kept-${number}`, id);
    if (zone) return zone;
  }
  throw new HarnessError("zone/no-address", `all names kept-1 to kept-${zoneIndexCount} are in use`, {
    remedy: "Remove zones: ./triad down --all",
  });
}

function tryReserve(name: string, id: string): ReservedZone | null {
  const zone: ReservedZone = { name, id, starter: ownerOf() };
  mkdirSync(folder(), { recursive: true });
  try {
    writeFileSync(fileOf(name), JSON.stringify(zone), { flag: "wx", flush: true, mode: 0o600 });
    return zone;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  }
}

function takenError(name: string): HarnessError {
  const holder = read(name);
  const reserved = holder && isReserved(holder) ? holder : undefined;
  const happened = reserved ? reservedText(reserved) : `zone ${name} is already up`;
  const isRemovable = !reserved || !isBeingStarted(reserved);
  const remedy = `${isRemovable ? `Remove it with ./triad down ${name}, or use` : "Use"} another name.`;
  return new HarnessError("usage/bad-value", happened, { remedy });
}

export function reservedText(zone: ReservedZone): string {
  if (isBeingStarted(zone)) return `zone ${zone.name} is being started by process ${zone.starter.split("-")[0]}`;
  return `the start of zone ${zone.name} was interrupted`;
}

export function saveKept(kept: KeptZone): void {
  mkdirSync(folder(), { recursive: true });
  // Renamed into place: another command may read it now, and a power loss must not leave half a file.
  const next = `${fileOf(kept.name)}.next`;
  writeFileSync(next, JSON.stringify(kept), { flush: true, mode: 0o600 });
  renameSync(next, fileOf(kept.name));
}

export function forget(name: string): void {
  rmSync(fileOf(name), { force: true });
}
