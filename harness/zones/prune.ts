// Removes what crashed runs left: containers, networks, bridges, volumes, loop devices, control groups, partial files.
// It touches neither live runs nor zones that are up.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "#engine/engine.ts";
import { removeCgroups } from "#engine/cgroup.ts";
import { isEmbeddedRunning } from "#engine/embedded.ts";
import { isOwnerAlive } from "#engine/owner.ts";
import { cacheFolder, enginePaths } from "#engine/paths.ts";
import { findPrivileges } from "#engine/privileges.ts";
import { sweep } from "#engine/sweep.ts";
import { runTool } from "#engine/tool.ts";
import { BridgeAllocator } from "#zone/bridge-allocator.ts";

export interface Pruned {
  containers: number;
  networks: number;
  volumes: number;
  bridges: number;
  loopDevices: number;
  files: number;
  /** Control groups of the embedded engine that are still in use. */
  controlGroupsLeft: number;
}

/** Removes objects from a daemon, by label. */
export async function pruneEngine(
  engine: Engine,
  image: string | null,
): Promise<Pick<Pruned, "containers" | "networks" | "volumes" | "bridges">> {
  const { containers, networks, volumes } = await sweep(engine.docker);
  let bridges = 0;
  if (image) {
    const { grant } = await findPrivileges(engine.docker, image);
    await using allocator = await BridgeAllocator.open(engine.docker, image, grant);
    bridges = await allocator.releaseDead();
  }
  return { containers, networks, volumes, bridges };
}

/** The tag of an agent image on that daemon, or null. A container of it can enter the daemon's network namespace. */
export async function anyImage(engine: Engine): Promise<string | null> {
  const images = await engine.docker.listImages({ filters: { label: ["triad.content"] } });
  return images.flatMap((one) => one.RepoTags ?? []).find((tag) => tag.startsWith("triad/agent:")) ?? null;
}

/** Removes what is on the host itself. */
export async function pruneHost(): Promise<Pick<Pruned, "loopDevices" | "files" | "controlGroupsLeft">> {
  const loopDevices = await detachLoops();
  const files = removePartial();
  return { loopDevices, files, controlGroupsLeft: isEmbeddedRunning() ? 0 : removeCgroups(enginePaths().cgroupParent) };
}

/** Detaches loop devices of the harness whose file is deleted or belongs to no running engine. */
async function detachLoops(): Promise<number> {
  if (!existsSync("/sys/block")) return 0;
  let detached = 0;
  for (const name of readdirSync("/sys/block").filter((one) => one.startsWith("loop"))) {
    const backing = `/sys/block/${name}/loop/backing_file`;
    if (!existsSync(backing)) continue;
    const path = readFileSync(backing, "utf8").trim();
    const isOurs = /\btriad-[a-z0-9-]+\.img/.test(path);
    if (!isOurs || isEmbeddedRunning()) continue;
    const result = await runTool("losetup", ["-d", `/dev/${name}`], { deadlineMs: 5_000, isFailureAllowed: true });
    if (result.code === 0) detached += 1;
  }
  return detached;
}

/** Removes partial files, and locks of processes that ended. */
function removePartial(): number {
  const folder = cacheFolder();
  if (!existsSync(folder)) return 0;
  let removed = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const lock = path.endsWith(".lock") ? path : path.replace(/\.partial(\.tar)?$/, ".lock");
    const isPartial = /\.(lock|partial|partial\.tar)$/.test(name);
    const owner = existsSync(join(lock, "owner")) ? readFileSync(join(lock, "owner"), "utf8") : null;
    if (!isPartial || (owner !== null && isOwnerAlive(owner))) continue;
    rmSync(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
