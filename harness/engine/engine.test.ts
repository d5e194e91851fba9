// Who may have an engine at all.

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { refuseWithoutRights } from "./engine.ts";

const former = process.env["DOCKER_HOST"];
beforeEach(() => {
  delete process.env["DOCKER_HOST"];
});
afterEach(() => {
  if (former !== undefined) process.env["DOCKER_HOST"] = former;
});

describe("a user who is not root", () => {
  it("is told so where no daemon is there to use", () => {
    expect(() => refuseWithoutRights({ uid: 1000, socket: "/nowhere" })).toThrow("this process runs as uid 1000");
  });

  it("may use a daemon that another one started", () => {
    expect(() => refuseWithoutRights({ uid: 1000, socket: import.meta.filename })).not.toThrow();
    process.env["DOCKER_HOST"] = "unix:///nowhere";
    expect(() => refuseWithoutRights({ uid: 1000, socket: "/nowhere" })).not.toThrow();
    delete process.env["DOCKER_HOST"];
  });

  it("is another one than root", () => {
    expect(() => refuseWithoutRights({ uid: 0, socket: "/nowhere" })).not.toThrow();
  });
});
