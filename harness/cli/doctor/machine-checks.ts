// Checks of the kernel and of the machine. Pure.

import { type Check, checkFileSystem, type Facts } from "./check.ts";

const freeBytesMin = 3e9;
const cpusMin = 2;
/** These are read in user space, so a timestamp is cheap. Others need at least a system call. */
const fastClocks = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"];

export function kernelChecks(facts: Facts): Check[] {
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

export function machineChecks(facts: Facts): Check[] {
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
