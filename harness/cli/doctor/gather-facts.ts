// Gathers the facts that checks.ts judges. It changes nothing: links and queues are tried in a new network namespace
// that ends with the trial, so no device appears on the host.

import { readFileSync, statfsSync, existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { cacheFolder } from "#engine/paths.ts";
import { hasTool, runTool } from "#engine/tool.ts";
import type { Operations } from "#api/operations.ts";
import type { Facts } from "./check.ts";

const trialDeadlineMs = 10_000;
/** CAP_SYS_RESOURCE, linux/capability.h. */
const sysResourceBit = 24n;

/** The facts of this machine. `daemon` says which Docker daemon answers. */
export async function gatherFacts(daemon: Operations["daemon"]): Promise<Facts> {
  const fileSystems = fileSystemsOf(read("/proc/filesystems"));
  const isRoot = process.getuid?.() === 0;
  const tools = {
    unshare: hasTool("unshare"),
    nsenter: hasTool("nsenter"),
    pivot_root: hasTool("pivot_root"),
    ip: hasTool("ip"),
    mmdebstrap: hasTool("mmdebstrap"),
    "apt-get": hasTool("apt-get"),
  };
  const canTry = isRoot && tools.unshare;
  return {
    platform: process.platform,
    nodeVersion: process.version,
    isRoot,
    askedHost: process.env["DOCKER_HOST"] ?? null,
    // Only a version counts as an answer. The command that needs the daemon prints the reason.
    daemon: await daemon().catch(() => null),
    links: canTry && tools.ip ? await tryLinks() : { macvlan: null, veth: null, bridge: null },
    fileSystems: {
      overlay: await hasFileSystem(fileSystems, "overlay"),
      ext4: await hasFileSystem(fileSystems, "ext4"),
      xfs: await hasFileSystem(fileSystems, "xfs"),
    },
    hasLoopDevices: existsSync("/dev/loop-control") || existsSync("/sys/module/loop") || (await hasModule("loop")),
    hasNetem: canTry && hasTool("tc") ? await isPossible("tc qdisc add dev lo root netem delay 1ms") : null,
    tools,
    cacheFolder: cacheFolder(),
    freeBytes: freeBytesAt(cacheFolder()),
    cpus: availableParallelism(),
    hasSysResource: hasCapability(read("/proc/self/status"), sysResourceBit),
    cgroupVersion: cgroupVersion(),
    clockSource: read("/sys/devices/system/clocksource/clocksource0/current_clocksource").trim() || null,
  };
}

/** Names in /proc/filesystems. */
export function fileSystemsOf(text: string): Set<string> {
  return new Set(text.split("\n").map((line) => line.split("\t").at(-1) ?? ""));
}

/** Reads CapEff of a /proc/PID/status. */
export function hasCapability(status: string, bit: bigint): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n;
}

async function tryLinks(): Promise<Facts["links"]> {
  return {
    macvlan: await isPossible("ip link add p0 type bridge && ip link add m0 link p0 type macvlan mode bridge"),
    veth: await isPossible("ip link add v0 type veth peer name v1"),
    bridge: await isPossible("ip link add b0 type bridge"),
  };
}

/** Runs a line in its own network namespace, which ends with the line. */
async function isPossible(line: string): Promise<boolean> {
  const options = { deadlineMs: trialDeadlineMs, isFailureAllowed: true };
  return (await runTool("unshare", ["--net", "sh", "-c", line], options)).code === 0;
}

async function hasFileSystem(known: Set<string>, name: string): Promise<boolean> {
  return known.has(name) || (await hasModule(name));
}

/** True when the kernel could load the module. It is not loaded. */
async function hasModule(name: string): Promise<boolean> {
  if (!hasTool("modprobe")) return false;
  const options = { deadlineMs: trialDeadlineMs, isFailureAllowed: true };
  return (await runTool("modprobe", ["--dry-run", "--quiet", name], options)).code === 0;
}

function cgroupVersion(): 1 | 2 | null {
  if (existsSync("/sys/fs/cgroup/cgroup.controllers")) return 2;
  return existsSync("/sys/fs/cgroup") && readdirSync("/sys/fs/cgroup").length > 0 ? 1 : null;
}

/** Free bytes at a folder that may not exist yet; null when that is unknown. */
function freeBytesAt(folder: string): number | null {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      return bavail * bsize;
    } catch {
      if (at === dirname(at)) return null;
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
