// Finds out which privileges a daemon grants to containers: --privileged, or the named set that a node needs. It starts
// a container to find out.

import type Docker from "dockerode";
import { HarnessError, messageOf } from "#base/errors.ts";
import { label } from "./labels.ts";
import { ownerOf } from "./owner.ts";

/** A part of Docker's HostConfig. */
export interface Grant {
  Privileged?: boolean;
  CapAdd?: string[];
  CapDrop?: string[];
  SecurityOpt?: string[];
  MaskedPaths?: string[];
  ReadonlyPaths?: string[];
}

export interface Privileges {
  name: "privileged" | "all-but-sys-resource" | "named-capabilities";
  grant: Grant;
}

const open = { SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"], MaskedPaths: [], ReadonlyPaths: [] };
const named = [
  "NET_ADMIN",
  "NET_RAW",
  "NET_BROADCAST",
  "SYS_ADMIN",
  "SYS_PTRACE",
  "SYS_TIME",
  "SYS_NICE",
  "IPC_LOCK",
  "MKNOD",
];

const plans: readonly Privileges[] = [
  { name: "privileged", grant: { Privileged: true } },
  { name: "all-but-sys-resource", grant: { CapAdd: ["ALL"], CapDrop: ["SYS_RESOURCE"], ...open } },
  { name: "named-capabilities", grant: { CapAdd: named, ...open } },
];

/**
 * For a node whose first process is systemd: it raises limits of the whole machine when it may, starts udev on the
 * host's devices when it may, and needs neither.
 */
export const systemdGrant: Grant = { CapAdd: named, ...open, ReadonlyPaths: ["/proc/sys/fs", "/proc/sys/kernel"] };

/** The strongest plan that this daemon starts a container with. @throws `engine/no-capability` */
export async function findPrivileges(docker: Docker, image: string): Promise<Privileges> {
  const refusals: string[] = [];
  for (const plan of plans) {
    const refusal = await refusalOf(docker, image, plan);
    if (refusal === null) return plan;
    refusals.push(`${plan.name}: ${refusal}`);
  }
  throw new HarnessError("engine/no-capability", refusals.join("; "));
}

async function refusalOf(docker: Docker, image: string, plan: Privileges): Promise<string | null> {
  let container: Docker.Container | undefined;
  try {
    container = await docker.createContainer({
      Image: image,
      Cmd: ["true"],
      Labels: { [label.owner]: ownerOf(), [label.role]: "trial" },
      HostConfig: { NetworkMode: "none", ...plan.grant } as Docker.HostConfig,
    });
    await container.start();
    return null;
  } catch (error) {
    const message = messageOf(error);
    if (!/apply caps|invalid Cap|rootless|privileged|not permitted/i.test(message)) throw error;
    return message.trim();
  } finally {
    await container?.remove({ force: true }).catch(() => {});
  }
}
