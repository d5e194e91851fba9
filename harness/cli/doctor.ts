// `triad doctor`: what this machine can carry, judged from gathered facts. Pure: doctor-facts.ts looks, this decides.

/** What was found on the machine. `null` means that it could not be tried, and the check says so. */
export interface Facts {
  platform: string;
  nodeVersion: string;
  isRoot: boolean;
  /** DOCKER_HOST as set, or null. */
  askedHost: string | null;
  daemon: { host: string; version: string } | null;
  /** By feature: does the kernel have it, tried in a fresh network namespace or read from /proc? */
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
  /** False: a run is possible without it, and some entries are unknown or slow. */
  isNeeded: boolean;
  found: string;
  matters: string;
  remedy: string;
}

const nodeMajorMin = 24;
const freeBytesMin = 3e9;
const cpusMin = 2;
/** Read without leaving user space, so stamps are cheap; others cost a system call, or worse, each. */
const fastClocks = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"];

/** Every check, in the order in which one would mend them. */
export function checksOf(facts: Facts): Check[] {
  return [checkNode(facts), ...checkDaemon(facts), ...checkKernel(facts), ...checkMachine(facts)];
}

/** True when nothing that a run needs is missing. */
export function isFit(checks: readonly Check[]): boolean {
  return checks.every((check) => check.isOk || !check.isNeeded);
}

function checkNode({ nodeVersion }: Facts): Check {
  return {
    name: "node",
    isOk: Number(nodeVersion.replace(/^v/, "").split(".")[0]) >= nodeMajorMin,
    isNeeded: true,
    found: nodeVersion,
    matters: "the harness runs its TypeScript without a build step",
    remedy: `Install Node.js ${nodeMajorMin} or newer, or let ./triad install the locked one.`,
  };
}

/** A daemon that answers, or all that the embedded engine needs; a set DOCKER_HOST never falls back. */
function checkDaemon(facts: Facts): Check[] {
  const { askedHost, daemon } = facts;
  const isEmbedded = daemon === null && askedHost === null;
  const found = daemon ? `${daemon.version} at ${daemon.host}` : `none at ${askedHost ?? "the usual socket"}`;
  const answer: Check = {
    name: "docker",
    isOk: daemon !== null || askedHost === null,
    isNeeded: true,
    found: isEmbedded ? `${found}; a run would start the embedded engine` : found,
    matters: "zones are containers; a DOCKER_HOST that does not answer is never replaced silently",
    remedy: "Start the daemon that DOCKER_HOST names, or unset it.",
  };
  return isEmbedded ? [answer, ...checkEmbedded(facts)] : [answer];
}

function checkEmbedded(facts: Facts): Check[] {
  const { tools } = facts;
  const lacking = (["unshare", "nsenter", "pivot_root"] as const).filter((name) => !tools[name]);
  const maker = tools.mmdebstrap ? "mmdebstrap" : tools["apt-get"] ? "apt-get, which can fetch mmdebstrap" : null;
  return [
    {
      name: "root",
      isOk: facts.isRoot && facts.platform === "linux",
      isNeeded: true,
      found: `${facts.isRoot ? "root" : "not root"} on ${facts.platform}`,
      matters: "the embedded engine makes namespaces of its own",
      remedy: "Run as root on Linux, or set DOCKER_HOST to a Linux daemon.",
    },
    {
      name: "namespaces",
      isOk: lacking.length === 0,
      isNeeded: true,
      found: lacking.length === 0 ? "unshare, nsenter, pivot_root" : `without ${lacking.join(", ")}`,
      matters: "they start the embedded engine apart from the host",
      remedy: "Install util-linux.",
    },
    {
      name: "bootstrap",
      isOk: maker !== null,
      isNeeded: true,
      found: maker ?? "neither mmdebstrap nor apt-get",
      matters: "it makes the engine's root file system from Debian packages",
      remedy: "Install mmdebstrap, or set DOCKER_HOST.",
    },
    { ...checkFileSystem(facts, "overlay", "images are layered; without it they are copied, slowly"), isNeeded: true },
  ];
}

function checkKernel(facts: Facts): Check[] {
  const { links } = facts;
  const lacking = Object.entries(links).filter(([, has]) => has === false);
  const untried = Object.entries(links).filter(([, has]) => has === null);
  const names = (rows: [string, unknown][]) => rows.map(([name]) => name).join(", ");
  const found =
    lacking.length > 0
      ? `without ${names(lacking)}`
      : untried.length > 0
        ? `not tried: ${names(untried)}`
        : "macvlan, veth, bridge";
  return [
    {
      name: "links",
      // What could not be tried is not held against the machine: a given daemon may run on another kernel.
      isOk: lacking.length === 0,
      isNeeded: true,
      found,
      matters: "a zone is a macvlan network on a bridge of our own",
      remedy: "Load the modules: modprobe macvlan veth bridge",
    },
    {
      name: "loop",
      isOk: facts.hasLoopDevices,
      isNeeded: false,
      found: facts.hasLoopDevices ? "loop devices" : "no loop device",
      matters: "power loss needs a file system of its own for each store",
      remedy: "Load the module: modprobe loop",
    },
    checkFileSystem(facts, "ext4", "power loss is made on it"),
    checkFileSystem(facts, "xfs", "power loss is made on it"),
    {
      name: "netem",
      isOk: facts.hasNetem === true,
      isNeeded: false,
      found: facts.hasNetem === null ? "not tried: needs root, unshare and tc" : facts.hasNetem ? "yes" : "no",
      matters: "delay faults need it; without it their entries are unknown",
      remedy: "Load the module: modprobe sch_netem",
    },
  ];
}

function checkFileSystem(facts: Facts, name: keyof Facts["fileSystems"], matters: string): Check {
  const isOk = facts.fileSystems[name];
  const remedy = `Load the module: modprobe ${name}`;
  return { name, isOk, isNeeded: false, found: isOk ? "yes" : "no", matters, remedy };
}

function checkMachine(facts: Facts): Check[] {
  const { freeBytes, cpus, clockSource, cgroupVersion } = facts;
  return [
    {
      name: "disk",
      isOk: freeBytes === null || freeBytes > freeBytesMin,
      isNeeded: true,
      found: `${freeBytes === null ? "unknown" : `${(freeBytes / 1e9).toFixed(1)} GB`} free in ${facts.cacheFolder}`,
      matters: "the engine's root, the images and the stores of a few zones live there",
      remedy: "Free some space, or set TRIAD_CACHE to a folder with more than 3 GB.",
    },
    {
      name: "cpus",
      isOk: cpus >= cpusMin,
      isNeeded: false,
      found: String(cpus),
      matters: "on one core the observer misses looks and verdicts become unknown",
      remedy: "Use a machine with two cores or more.",
    },
    {
      name: "privileged",
      isOk: facts.hasSysResource,
      isNeeded: false,
      found: facts.hasSysResource ? "CAP_SYS_RESOURCE held" : "CAP_SYS_RESOURCE missing",
      matters: "older daemons cannot grant --privileged without it; nodes then run with named capabilities",
      remedy: "None is needed; the report says what was granted.",
    },
    {
      name: "cgroup",
      isOk: cgroupVersion !== null,
      isNeeded: true,
      found: cgroupVersion === null ? "not mounted" : `version ${cgroupVersion}`,
      matters: "pausing a node is the freezer of a control group",
      remedy: "Mount /sys/fs/cgroup.",
    },
    {
      name: "clock",
      isOk: clockSource !== null && fastClocks.includes(clockSource),
      isNeeded: false,
      found: clockSource ?? "unknown",
      matters: "every event is stamped; a slow clock source makes looks late",
      remedy: "Use a machine with one of: " + fastClocks.join(", "),
    },
  ];
}
