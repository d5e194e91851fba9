// What every fault must keep: a proof of its effect, a proof of its healing, and a healing that may be repeated.

import { describe, expect, it } from "@jest/globals";
import { nowNs } from "#base/clock.ts";
import { describeFault, type FaultName, type FaultSpec, nodesOf, type SpecOf } from "#spec/faults.ts";
import { FakeZone } from "./fake-zone.ts";
import { faultOf, faults } from "./registry.ts";

/** One of each; a new fault does not compile without its own. */
const samples: { [Name in FaultName]: SpecOf<Name> } = {
  kill: { fault: "kill", node: "alpha" },
  stop: { fault: "stop", node: "beta" },
  power: { fault: "power", node: "alpha", with: ["gamma"] },
  pause: { fault: "pause", node: "alpha" },
  reboot: { fault: "reboot", node: "gamma" },
  "process-kill": { fault: "process-kill", node: "alpha", process: "controller" },
  "process-freeze": { fault: "process-freeze", node: "beta", process: "nats-server" },
  "link-down": { fault: "link-down", node: "alpha", segments: ["zone", "control", "peer"] },
  cut: { fault: "cut", node: "alpha", peers: ["beta", "clients"], segments: ["zone", "control"], direction: "both" },
  storage: { fault: "storage", node: "beta", way: "eio" },
  certificate: { fault: "certificate", node: "alpha", way: "expired" },
  "fourth-server": { fault: "fourth-server", node: "gamma" },
  "vip-removed": { fault: "vip-removed", node: "alpha" },
  "vip-added": { fault: "vip-added", node: "beta" },
  "service-down": { fault: "service-down", node: "gamma", service: "nats-server" },
  "port-taken": { fault: "port-taken", node: "beta" },
  outranked: { fault: "outranked", node: "alpha" },
  "forge-vrrp": { fault: "forge-vrrp", node: "alpha", priority: 255 },
  "stray-controller": { fault: "stray-controller", node: "beta" },
  wiped: { fault: "wiped", node: "gamma" },
  rebuilt: { fault: "rebuilt", node: "gamma", identity: "new" },
  "facts-deleted": { fault: "facts-deleted", node: "gamma", count: 25 },
  rot: { fault: "rot", node: "gamma", way: "flip" },
};
const rows = Object.values<FaultSpec>(samples).map((spec) => [describeFault(spec), spec] as const);

const withDisks = () => new FakeZone({ spec: { stores: "xfs" } });

describe("every fault", () => {
  it.each(rows)("proves its effect and its healing: %s", async (_, spec) => {
    const fake = withDisks();
    const fault = faultOf(spec);
    expect(await fault.isImpossible?.(fake.zone, spec)).toBeFalsy();
    const { proof, atNs } = await fault.inject(fake.zone, spec);
    expect(proof).toMatch(/\w{3}/);
    expect(atNs).toBeLessThanOrEqual(nowNs());
    expect(fake.log).not.toEqual([]);
    expect(await fault.heal(fake.zone, spec)).toMatch(/\w{3}/);
    for (const node of nodesOf(spec)) expect(fake.nodes[node]).toMatchObject({ isUp: true, isPaused: false });
  });

  it.each(rows)("is healed twice without harm: %s", async (_, spec) => {
    const fake = withDisks();
    const fault = faultOf(spec);
    await fault.inject(fake.zone, spec);
    await fault.heal(fake.zone, spec);
    const pids = Object.values(fake.nodes).map((node) => node.pid);
    expect(await fault.heal(fake.zone, spec)).toMatch(/\w{3}/);
    expect(Object.values(fake.nodes).map((node) => node.pid)).toEqual(pids);
  });

  it.each(rows)("is healed on a node that has died since: %s", async (_, spec) => {
    const fake = withDisks();
    const fault = faultOf(spec);
    await fault.inject(fake.zone, spec);
    if (fake.nodes[spec.node].isUp) await fake.nodes[spec.node].kill();
    expect(await fault.heal(fake.zone, spec)).toMatch(/\w{3}/);
  });

  it("is described in whole sentences", () => {
    for (const { does } of Object.values(faults)) expect(does).toMatch(/^[A-Z].*\.$/);
  });
});
