// What a machine must have, on machines that the test invents.

import { describe, expect, it } from "@jest/globals";
import type { Facts } from "./check.ts";
import { checksOf, isFit } from "./checks.ts";
import { fileSystemsOf, hasCapability } from "./gather-facts.ts";

const good: Facts = {
  platform: "linux",
  nodeVersion: "v24.21.0",
  isRoot: true,
  askedHost: null,
  daemon: null,
  links: { macvlan: true, veth: true, bridge: true },
  fileSystems: { overlay: true, ext4: true, xfs: true },
  hasLoopDevices: true,
  hasNetem: true,
  tools: { unshare: true, nsenter: true, pivot_root: true, ip: true, mmdebstrap: true, "apt-get": true },
  cacheFolder: "/cache",
  freeBytes: 50e9,
  cpus: 4,
  hasSysResource: true,
  cgroupVersion: 2,
  clockSource: "tsc",
};

const daemon = { host: "unix:///var/run/docker.sock", version: "26.1.5" };
const red = (facts: Facts) =>
  checksOf(facts)
    .filter((check) => !check.isOk)
    .map((check) => check.name);

describe("doctor", () => {
  it("finds nothing wrong with a machine that has everything", () => {
    expect(red(good)).toEqual([]);
    expect(isFit(checksOf(good))).toBe(true);
  });

  it.each([
    ["node", { nodeVersion: "v22.19.0" }],
    ["root", { isRoot: false }],
    ["root", { platform: "darwin" }],
    ["namespaces", { tools: { ...good.tools, nsenter: false } }],
    ["bootstrap", { tools: { ...good.tools, mmdebstrap: false, "apt-get": false } }],
    ["overlay", { fileSystems: { ...good.fileSystems, overlay: false } }],
    ["links", { links: { ...good.links, macvlan: false } }],
    ["disk", { freeBytes: 3e9 }],
    ["cgroup", { cgroupVersion: null }],
    ["docker", { askedHost: "tcp://elsewhere:2375" }],
  ] satisfies [string, Partial<Facts>][])("says that %s is needed when the machine has %j", (name, lack) => {
    const facts = { ...good, ...lack };
    expect(red(facts)).toEqual([name]);
    expect(isFit(checksOf(facts))).toBe(false);
  });

  it.each([
    ["loop", { hasLoopDevices: false }],
    ["xfs", { fileSystems: { ...good.fileSystems, xfs: false } }],
    ["netem", { hasNetem: false }],
    ["netem", { hasNetem: null }],
    ["cpus", { cpus: 1 }],
    ["privileged", { hasSysResource: false }],
    ["clock", { clockSource: "hpet" }],
  ] satisfies [string, Partial<Facts>][])("lets a machine run that lacks %s", (name, lack) => {
    const facts = { ...good, ...lack };
    expect(red(facts)).toEqual([name]);
    expect(isFit(checksOf(facts))).toBe(true);
  });

  it("asks nothing of the embedded engine when a daemon answers", () => {
    expect(
      red({
        ...good,
        isRoot: false,
        daemon,
        tools: { ...good.tools, unshare: false, mmdebstrap: false, "apt-get": false },
      }),
    ).toEqual([]);
  });

  it("says for each lack what to do", () => {
    for (const check of checksOf(good)) expect(check.remedy).toMatch(/^[A-Z].{10,}/);
  });
});

describe("facts from /proc", () => {
  it("reads file systems with and without nodev", () => {
    expect([...fileSystemsOf("nodev\toverlay\n\text4\n")].filter((name) => name !== "")).toEqual(["overlay", "ext4"]);
  });

  it("reads a capability by its bit", () => {
    expect(hasCapability("CapPrm:\t0\nCapEff:\t0000000001000000\n", 24n)).toBe(true);
    expect(hasCapability("CapEff:\t0000000000ffffff\n", 24n)).toBe(false);
    expect(hasCapability("", 24n)).toBe(false);
  });
});
