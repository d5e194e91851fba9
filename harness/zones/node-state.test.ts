// A command by hand on a node in the wrong state, and how `status` shows the states.

import { describe, expect, it } from "@jest/globals";
import type { FaultName } from "#spec/faults.ts";
import type { NodeState } from "#zone/node.ts";
import { mustAllow, mustBe } from "./node-state.ts";
import { lineOf } from "./status.ts";

const node = (state: NodeState) => ({ name: "beta" as const, state: async () => state });

describe("a fault by hand", () => {
  it.each<[FaultName, NodeState]>([
    ["kill", "down"],
    ["power", "down"],
    ["stop", "down"],
    ["stop", "paused"],
    ["pause", "down"],
    ["pause", "paused"],
    ["reboot", "down"],
    ["reboot", "paused"],
    ["vip-removed", "paused"],
  ])("%s of a node that is %s is the user's slip", async (fault, state) => {
    await expect(mustAllow(fault, node(state))).rejects.toMatchObject({
      code: "usage/node-state",
      exitCode: 64,
      message: `beta is ${state}`,
      expected: expect.stringContaining(`for "fault ${fault}" it must be running`),
    });
  });

  it.each<[FaultName, NodeState]>([
    ["kill", "running"],
    ["kill", "paused"],
    ["power", "paused"],
    ["pause", "running"],
    ["cut", "paused"],
  ])("%s of a node that is %s goes on", async (fault, state) => {
    await expect(mustAllow(fault, node(state))).resolves.toBeUndefined();
  });
});

describe("a program in a node", () => {
  it("needs a node that runs", async () => {
    await expect(mustBe(["running"], node("paused"), "exec")).rejects.toThrow("beta is paused");
    await expect(mustBe(["running"], node("running"), "exec")).resolves.toBeUndefined();
  });
});

describe("the status of a node", () => {
  const vip = "198.18.0.1";
  const up = { isUp: true, isPaused: false, role: "voter", addresses: "2: eth0 inet 198.18.0.10/24 scope global" };

  it("says that it is paused, and what it was", () => {
    expect(lineOf("gamma", { ...up, isPaused: true }, vip)).toBe("  gamma  paused, voter");
    expect(lineOf("gamma", { ...up, isUp: false, role: "" }, vip)).toBe("  gamma  down");
  });

  it("shows the VIP where that address is, and not where one begins like it", () => {
    expect(lineOf("alpha", { ...up, role: "MASTER" }, vip)).toBe("  alpha  MASTER");
    expect(lineOf("alpha", { ...up, role: "MASTER" }, "198.18.0.10")).toBe("  alpha  MASTER, holds the VIP");
  });
});
