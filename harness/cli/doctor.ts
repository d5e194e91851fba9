// `triad doctor`: judges whether this machine can run a gate. Pure: doctor-facts.ts gathers the facts.

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

const nodeMajorMin = 24;
const freeBytesMin = 3e9;
const cpusMin = 2;
/** These are read in user space, so a timestamp is cheap. Others need at least a system call. */
const fastClocks = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"];

/** Every check, in the order in which to fix them. */
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
    matters: "the harness runs TypeScript without a build step",
    remedy: `Install Node.js ${nodeMajorMin} or newer, or let ./triad install the locked version.`,
  };
}

/** A daemon that answers, or what the embedded engine needs. With DOCKER_HOST set there is no fallback. */
function checkDaemon(facts: Facts): Check[] {
  const { askedHost, daemon } = facts;
  const isEmbedded = daemon === null && askedHost === null;
  const found = daemon ? `${daemon.version} at ${daemon.host}` : `none at ${askedHost ?? "the usual socket"}`;
  const answer: Check = {
    name: "docker",
    isOk: daemon !== null || askedHost === null,
    isNeeded: true,
    found: isEmbedded ? `${found}; a run starts the embedded engine` : found,
    matters: "the nodes of a zone are containers, and the daemon at DOCKER_HOST does not answer",
    remedy: "Start the daemon at DOCKER_HOST, or unset DOCKER_HOST to use the embedded engine.",
  };
  return isEmbedded ? [answer, ...checkEmbedded(facts)] : [answer];
}

function checkEmbedded(facts: Facts): Check[] {
  const { tools } = facts;
  const lacking = (["unshare", "nsenter", "pivot_root"] as const).filter((name) => !tools[name]);
  const maker = tools.mmdebstrap ? "mmdebstrap" : tools["apt-get"] ? "apt-get, which can install mmdebstrap" : null;
  return [
    {
      name: "root",
      isOk: facts.isRoot && facts.platform === "linux",
      isNeeded: true,
      found: `${facts.isRoot ? "root" : "not root"} on ${facts.platform}`,
      matters: "the embedded engine creates its own namespaces",
      remedy: "Run as root on Linux, or set DOCKER_HOST to a Linux daemon.",
    },
    {
      name: "namespaces",
      isOk: lacking.length === 0,
      isNeeded: true,
      found: lacking.length === 0 ? "unshare, nsenter, pivot_root" : `missing: ${lacking.join(", ")}`,
      matters: "they isolate the embedded engine from the host",
      remedy: "Install util-linux.",
    },
    {
      name: "bootstrap",
      isOk: maker !== null,
      isNeeded: true,
      found: maker ?? "neither mmdebstrap nor apt-get",
      matters: "it creates the root file system of the engine from Debian packages",
      remedy: "Install mmdebstrap, or set DOCKER_HOST.",
    },
    { ...checkFileSystem(facts, "overlay", "without it, image layers are copied, which is slow"), isNeeded: true },
  ];
}

function checkKernel(facts: Facts): Check[] {
  const { links } = facts;
  const lacking = Object.entries(links).filter(([, has]) => has === false);
  const untried = Object.entries(links).filter(([, has]) => has === null);
  const names = (rows: [string, unknown][]) => rows.map(([name]) => name).join(", ");
  const found =
    lacking.length > 0
      ? `missing: ${names(lacking)}`
      : untried.length > 0
        ? `not tried: ${names(untried)}`
        : "macvlan, veth, bridge";
  return [
    {
      name: "links",
      // A link that could not be tried does not fail the check: the daemon may run on another kernel.
      isOk: lacking.length === 0,
      isNeeded: true,
      found,
      matters: "a zone uses macvlan networks on its own bridge",
      remedy: "Load the modules: modprobe macvlan veth bridge",
    },
    {
      name: "loop",
      isOk: facts.hasLoopDevices,
      isNeeded: false,
      found: facts.hasLoopDevices ? "loop devices" : "no loop device",
      matters: "the power fault needs a separate file system for each store",
      remedy: "Load the module: modprobe loop",
    },
    checkFileSystem(facts, "ext4", "the power fault can use it"),
    checkFileSystem(facts, "xfs", "the power fault can use it"),
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
      matters: "the engine, the images and the data of the zones need more than 3 GB there",
      remedy: "Free some space, or set TRIAD_CACHE to a folder with more space.",
    },
    {
      name: "cpus",
      isOk: cpus >= cpusMin,
      isNeeded: false,
      found: String(cpus),
      matters: "on one core the observer misses samples, and verdicts become unknown",
      remedy: "Use a machine with two cores or more.",
    },
    {
      name: "privileged",
      isOk: facts.hasSysResource,
      isNeeded: false,
      found: facts.hasSysResource ? "CAP_SYS_RESOURCE held" : "CAP_SYS_RESOURCE missing",
      matters: "without it, older daemons cannot grant --privileged; nodes then get single capabilities",
      remedy: "Nothing. The report says which privileges were granted.",
    },
    {
      name: "cgroup",
      isOk: cgroupVersion !== null,
      isNeeded: true,
      found: cgroupVersion === null ? "not mounted" : `version ${cgroupVersion}`,
      matters: "the pause fault uses the freezer of control groups",
      remedy: "Mount /sys/fs/cgroup.",
    },
    {
      name: "clock",
      isOk: clockSource !== null && fastClocks.includes(clockSource),
      isNeeded: false,
      found: clockSource ?? "unknown",
      matters: "every event has a timestamp, and a slow clock source delays the observer",
      remedy: `Use a machine with one of these clock sources: ${fastClocks.join(", ")}.`,
    },
  ];
}
