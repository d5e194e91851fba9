// Which embedded engine the environment asks for.

import { describe, expect, it } from "@jest/globals";
import { embeddedChoice, folderOf } from "./embedded-choice.ts";

describe("the embedded engine", () => {
  it("is made from trixie unless another suite is named", () => {
    expect(embeddedChoice({})).toEqual({ suite: "trixie", cgroupParent: "/triad" });
    expect(embeddedChoice({ TRIAD_ENGINE_SUITE: "forky" })).toEqual({ suite: "forky", cgroupParent: "/triad-forky" });
  });

  it("shares no folder and no control group with another suite", () => {
    const folders = [{}, { TRIAD_ENGINE_SUITE: "forky" }, { TRIAD_CGROUP_PARENT: "/triad-load/zones" }].map((one) =>
      folderOf(embeddedChoice(one)),
    );
    expect(folders).toEqual(["engine", "engine-forky-triad-forky", "engine-trixie-triad-load-zones"]);
  });

  it.each([
    [{ TRIAD_ENGINE_SUITE: "bullseye" }, /bullseye/],
    [{ TRIAD_CGROUP_PARENT: "/../x" }, /TRIAD_CGROUP_PARENT/],
    [{ TRIAD_CGROUP_PARENT: "triad" }, /TRIAD_CGROUP_PARENT/],
  ])("refuses %j", (environment, says) => {
    let thrown: unknown;
    try {
      embeddedChoice(environment);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "engine/bad-choice", message: expect.stringMatching(says) });
  });
});
