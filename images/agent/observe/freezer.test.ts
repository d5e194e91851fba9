// Where the freezer's state is, and how it reads.

import { describe, expect, it } from "@jest/globals";
import { freezerPaths, isFrozenText } from "./freezer.ts";

describe("the freezer", () => {
  it("is the v1 controller when there is one", () => {
    const paths = freezerPaths("8:pids:/docker/e1\n6:freezer:/docker/e1\n0::/docker/e1\n");
    expect(paths[0]).toBe("freezer/docker/e1/freezer.state");
  });

  it("is the unified tree otherwise", () => {
    expect(freezerPaths("0::/system.slice/docker-e1.scope\n")[0]).toBe("system.slice/docker-e1.scope/cgroup.events");
  });

  it("is frozen only when the kernel says it has finished", () => {
    expect(isFrozenText("FROZEN\n")).toBe(true);
    expect(isFrozenText("populated 1\nfrozen 1\n")).toBe(true);
    for (const text of ["FREEZING\n", "THAWED\n", "populated 1\nfrozen 0\n"]) expect(isFrozenText(text)).toBe(false);
  });
});
