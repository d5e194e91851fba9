// What every fault must keep: a proof of its effect, a proof of its healing, and a healing that may be repeated.

import { describe, expect, it } from "@jest/globals";
import { nowNs } from "#base/clock.ts";
import { describeFault, examplesOf, faultNames, nodesOf } from "#spec/faults.ts";
import { FakeZone } from "./fake-zone.ts";
import { faultOf } from "./registry.ts";

const rows = faultNames.flatMap(examplesOf).map((spec) => [describeFault(spec), spec] as const);

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
});
