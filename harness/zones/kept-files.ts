// What is remembered of zones that stay up: a file each in the cache, named for the zone. Not the zones themselves, which
// kept-zones.ts starts and ends.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { isOwnerAlive, ownerOf } from "#engine/owner.ts";
import { cacheFolder } from "#engine/paths.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { zoneIndexCount } from "#topology/plan-zone.ts";

/** What is remembered of a kept zone. */
export interface KeptZone {
  name: string;
  plan: ZonePlan;
  /** Faults that `triad heal` takes back. */
  standing: FaultSpec[];
}

/** A name that is taken for a zone that is being started; what there is of it already, only its labels tell. */
export interface ReservedZone {
  name: string;
  /** What its objects are labelled with. */
  id: string;
  /** Owner name of the process that starts it. */
  starter: string;
}

export type RememberedZone = KeptZone | ReservedZone;

const folder = () => join(cacheFolder(), "zones");
const fileOf = (name: string) => join(folder(), `${name}.json`);

/** What the objects of a zone called `name` are labelled with, unless it was made by a run. */
export const keptIdOf = (name: string) => `kept-${name}`;

export function isReserved(zone: RememberedZone): zone is ReservedZone {
  return "starter" in zone;
}

/** Where there is no /proc nobody can tell, and a person's word counts. */
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
    return JSON.parse(readFileSync(fileOf(name), "utf8")) as RememberedZone;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // forgotten a moment ago
    // Cut short: whoever wrote it, or the machine, died over it.
    if (error instanceof SyntaxError) return { name, id: keptIdOf(name), starter: "" };
    throw error;
  }
}

/** The zone of that name, or the only one. @throws HarnessError `usage/unknown-zone` */
export function findRemembered(name?: string): RememberedZone {
  return pick(rememberedZones(), name);
}

/** The same of those that are up. @throws HarnessError `usage/unknown-zone` */
export function findKept(name?: string): KeptZone {
  const all = rememberedZones();
  const named = all.find((one) => one.name === name);
  if (named && isReserved(named)) throw new HarnessError("usage/unknown-zone", reservedText(named));
  const kept = all.filter((one): one is KeptZone => !isReserved(one));
  return pick(kept, name);
}

function pick<Zone extends RememberedZone>(all: Zone[], name: string | undefined): Zone {
  const names = all.map((one) => one.name).join(", ") || "none is up";
  if (name === undefined && all.length !== 1)
    throw new HarnessError("usage/unknown-zone", `${all.length} zones are up; name one`, { expected: names });
  const found = name === undefined ? all[0] : all.find((one) => one.name === name);
  if (!found) throw new HarnessError("usage/unknown-zone", `no zone "${name}" is up`, { expected: names });
  return found;
}

/** Takes a name before anything of its zone is made. @throws HarnessError `usage/bad-value` when it is taken */
export function reserve(name: string, id: string): ReservedZone {
  const zone = tryReserve(name, id);
  if (!zone) throw takenError(name);
  return zone;
}

/** Takes the first that is free of kept-1, kept-2, …, for a zone that nobody gave a name. */
export function reserveNumbered(id: string): ReservedZone {
  for (let number = 1; number <= zoneIndexCount; number++) {
    const zone = tryReserve(`kept-${number}`, id);
    if (zone) return zone;
  }
  throw new HarnessError("zone/no-address", `kept-1 to kept-${zoneIndexCount} are all taken`, {
    remedy: "Remove zones with: ./triad down --all",
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
  const happened = reserved ? reservedText(reserved) : `there is a zone ${name} already`;
  const isRemovable = !reserved || !isBeingStarted(reserved);
  const remedy = `${isRemovable ? `Remove it with: ./triad down ${name}, or give` : "Give"} another name.`;
  return new HarnessError("usage/bad-value", happened, { remedy });
}

/** All that can be said of it in words. */
export function reservedText(zone: ReservedZone): string {
  if (isBeingStarted(zone)) return `zone ${zone.name} is being started by process ${zone.starter.split("-")[0]}`;
  return `the start of zone ${zone.name} was broken off`;
}

export function saveKept(kept: KeptZone): void {
  mkdirSync(folder(), { recursive: true });
  // Whole or as it was, also after a power loss: another command may read it now, and without the plan most can do nothing.
  const next = `${fileOf(kept.name)}.next`;
  writeFileSync(next, JSON.stringify(kept), { flush: true, mode: 0o600 });
  renameSync(next, fileOf(kept.name));
}

export function forget(name: string): void {
  rmSync(fileOf(name), { force: true });
}
