// Where a node's control group is, from what the kernel says of its first process.

import { describe, expect, it } from "@jest/globals";
import { groupIn } from "./cgroup.ts";

const first = "8:pids:/docker/5e\n7:blkio:/docker/5e\n3:cpu,cpuacct:/docker/5e\n0::/docker/5e\n";

describe("the control group of a node", () => {
  it("is that of the controller's own hierarchy in version 1, under either name of its mount", () => {
    expect(groupIn(first, "cpu")).toEqual({ version: 1, mounts: ["/cpu", "/cpu,cpuacct"], path: "/docker/5e" });
    expect(groupIn(first, "blkio")).toEqual({ version: 1, mounts: ["/blkio", "/blkio"], path: "/docker/5e" });
  });

  it("is that of the one hierarchy in version 2", () => {
    const path = "/system.slice/docker-5e.scope";
    expect(groupIn(`0::${path}\n`, "memory")).toEqual({ version: 2, mounts: ["", "/unified"], path });
  });

  it("is missing where the kernel names none", () => {
    expect(() => groupIn("8:pids:/docker/5e\n", "memory")).toThrow("no group of memory");
  });
});
