// What `triad doctor` knows of a machine, and what one of its checks says. Types, and the check of a file system.

/** Facts of the machine. `null` means that it could not be tried. The check then says so. */
export interface Facts {
  platform: string;
  nodeVersion: string;
  isRoot: boolean;
  /** DOCKER_HOST as set, or null. */
  askedHost: string | null;
  daemon: { host: string; version: string } | null;
  /** Whether the kernel supports each kind of link: tried in a new network namespace, or read from /proc. */
  links: Record<"macvlan" | "veth" | "bridge", boolean | null>;
  fileSystems: Record<"overlay" | "ext4" | "xfs", boolean>;
  hasLoopDevices: boolean;
  hasNetem: boolean | null;
  /** Programs on the PATH, by name. */
  tools: Record<"unshare" | "nsenter" | "pivot_root" | "ip" | "mmdebstrap" | "apt-get", boolean>;
  cacheFolder: string;
  freeBytes: number | null;
  cpus: number;
  hasSysResource: boolean;
  cgroupVersion: 1 | 2 | null;
  clockSource: string | null;
}

export interface Check {
  name: string;
  isOk: boolean;
  /** False: a run is possible without it, but some entries are unknown or slow. */
  isNeeded: boolean;
  found: string;
  matters: string;
  remedy: string;
}

export function checkFileSystem(facts: Facts, name: keyof Facts["fileSystems"], matters: string): Check {
  const isOk = facts.fileSystems[name];
  const remedy = `Load the module: modprobe ${name}`;
  return { name, isOk, isNeeded: false, found: isOk ? "yes" : "no", matters, remedy };
}
