// Which processes count as a program of the node contract.

import { describe, expect, it } from "@jest/globals";
import { answersTo } from "./program.ts";

const process = (name: string, ...argv: string[]) => ({ name, argv });

describe("a program", () => {
  it("answers to its name and to a file in its arguments", () => {
    expect(answersTo("keepalived", process("keepalived", "keepalived", "--vrrp"))).toBe(true);
    expect(answersTo("controller", process("node", "node", "/opt/bsfg/bin/controller.cjs"))).toBe(true);
    expect(answersTo("nats-server", process("nats-server", "/usr/bin/nats-server", "-c", "/opt/nats.conf"))).toBe(true);
  });

  it("is no supervisor of it, and not named by an option, a script or a folder", () => {
    expect(answersTo("controller", process("runsv", "runsv", "controller"))).toBe(false);
    expect(answersTo("keepalived", process("s6-supervise", "s6-supervise", "keepalived"))).toBe(false);
    expect(answersTo("controller", process("node", "node", "--controller=off"))).toBe(false);
    expect(answersTo("controller", process("sh", "sh", "-c", "pgrep controller"))).toBe(false);
    expect(answersTo("controller", process("crun", "crun", "run", "controller"))).toBe(false);
    expect(answersTo("controller", process("crun", "crun", "run", "controller"))).toBe(false);
    expect(answersTo("keepalived", process("tail", "tail", "/etc/keepalived/notes.txt"))).toBe(false);
  });

  it("is what its container is named after, whatever it is called inside", () => {
    expect(answersTo("controller", { ...process("bsfg", "/bsfg"), container: "controller" })).toBe(true);
    expect(answersTo("nats-server", { ...process("nats-server", "nats-server"), container: "controller" })).toBe(false);
    expect(answersTo("controller", { ...process("controller", "controller"), container: "" })).toBe(false);
  });
});
