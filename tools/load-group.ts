// A control group for a whole run, with limits on its cores: "run" for the harness and its engine, "zones" for the
// containers. Under version 1 each of the two controllers has a folder of that name, under version 2 one folder has
// both.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";

export interface Limit {
  /** All processes share so many cores. */
  cores?: number;
  /** And may use this share of one core's time. */
  share?: number;
}

const periodUs = 100_000;

export class LoadGroup {
  readonly #folders: string[];
  readonly #name: string;
  /** The engine makes the group in every hierarchy. */
  readonly #everywhere: string[];

  private constructor(name: string, folders: string[], everywhere: string[]) {
    this.#name = name;
    this.#everywhere = everywhere;
    this.#folders = folders;
  }

  /** @throws HarnessError `engine/no-cgroup` when the machine has no such control groups. */
  static make(name: string, limit: Limit, mount = "/sys/fs/cgroup"): LoadGroup {
    const isUnified = existsSync(join(mount, "cgroup.controllers"));
    const parents = isUnified ? [mount] : [join(mount, "cpuset"), join(mount, "cpu")];
    if (!parents.every(existsSync))
      throw new HarnessError("engine/no-cgroup", `${mount} has no controllers cpu and cpuset`);
    const folders = parents.map((parent) => join(parent, name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    if (isUnified) limitUnified(mount, folders[0]!, limit);
    else limitLegacy(mount, { cpuset: folders[0]!, cpu: folders[1]! }, limit);
    for (const folder of folders)
      for (const part of ["run", "zones"]) mkdirSync(join(folder, part), { recursive: true });
    if (!isUnified) for (const part of ["run", "zones"]) giveCores(folders[0]!, join(folders[0]!, part));
    const hierarchies = isUnified ? [mount] : readdirSync(mount).map((one) => join(mount, one));
    return new LoadGroup(
      name,
      folders,
      hierarchies.map((one) => join(one, name)),
    );
  }

  /** For TRIAD_CGROUP_PARENT. */
  get zones(): string {
    return `/${this.#name}/zones`;
  }

  /** A shell command that moves the shell into the group and becomes that program. */
  enterAndRun(program: string): string {
    const moves = this.#folders.map((folder) => `echo $$ >${join(folder, "run", "cgroup.procs")}`);
    return `set -e; ${moves.join("; ")}; exec ${program} "$@"`;
  }

  /** False while a process is still inside. Call it again. */
  remove(): boolean {
    let isGone = true;
    for (const folder of this.#everywhere)
      for (const path of [join(folder, "zones"), join(folder, "run"), folder])
        try {
          if (existsSync(path)) rmdirSync(path);
        } catch {
          isGone = false;
        }
    return isGone;
  }
}

/** The first cores of those that the group above has. "0-3,8" is the kernel's form. */
export function firstCores(list: string, cores: number | undefined): string {
  if (cores === undefined) return list.trim();
  const all = list
    .trim()
    .split(",")
    .flatMap((part) => {
      const [from = 0, to = from] = part.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, place) => from + place);
    });
  return all.slice(0, cores).join(",");
}

function limitUnified(mount: string, folder: string, { cores, share }: Limit): void {
  writeFileSync(join(mount, "cgroup.subtree_control"), "+cpu +cpuset");
  writeFileSync(join(folder, "cgroup.subtree_control"), "+cpu +cpuset");
  const above = readFileSync(join(mount, "cpuset.cpus.effective"), "utf8");
  writeFileSync(join(folder, "cpuset.cpus"), firstCores(above, cores));
  writeFileSync(join(folder, "cpu.max"), `${share === undefined ? "max" : Math.round(share * periodUs)} ${periodUs}`);
}

function limitLegacy(mount: string, at: { cpuset: string; cpu: string }, { cores, share }: Limit): void {
  giveCores(join(mount, "cpuset"), at.cpuset, cores);
  writeFileSync(join(at.cpu, "cpu.cfs_period_us"), String(periodUs));
  writeFileSync(join(at.cpu, "cpu.cfs_quota_us"), String(share === undefined ? -1 : Math.round(share * periodUs)));
}

/** A new group of version 1 has no core and no memory, so that no process can enter it. */
function giveCores(above: string, below: string, cores?: number): void {
  for (const file of ["cpuset.mems", "cpuset.cpus"]) {
    const text = readFileSync(join(above, file), "utf8");
    writeFileSync(join(below, file), file === "cpuset.cpus" ? firstCores(text, cores) : text.trim());
  }
}
