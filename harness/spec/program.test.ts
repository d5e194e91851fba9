// Which processes count as a program of the node contract.

import { describe, expect, it } from "@jest/globals";
import { answersTo as answers, type ProcessWords } from "./program.ts";
import type { ProgramName } from "./contract/node-contract.ts";

const process = (name: string, ...argv: string[]) => ({ name, argv });

const answersTo = (program: ProgramName, words: ProcessWords) => answers(program, words, undefined);

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

describe("a program of another node", () => {
  const rules = {
    controller: { exe: ["/bsfg"], unit: "bsfg.service" },
    "nats-server": { argv: "^python3 /srv/nats\\.py" },
  };
  const is = (program: ProgramName, words: Partial<ProcessWords>) =>
    answers(program, { name: "x", argv: [], ...words }, rules);

  it("is recognised when every word of its rule holds, whatever its container is called", () => {
    expect(is("controller", { exe: "/bsfg", unit: "bsfg.service", container: "" })).toBe(true);
    expect(is("controller", { exe: "/bsfg", unit: "other.service" })).toBe(false);
    expect(is("controller", { unit: "bsfg.service" })).toBe(false);
    expect(is("nats-server", { argv: ["python3", "/srv/nats.py", "-c"] })).toBe(true);
  });

  it("is not recognised by its words, and a program without a rule by nothing", () => {
    expect(is("controller", { name: "podman", argv: ["podman", "run", "controller"] })).toBe(false);
    expect(is("gate", { name: "gate" })).toBe(false);
  });

  it("is the controller when the harness started it as a second one", () => {
    expect(is("controller", { name: "node", argv: ["node", "-e", "x", "/opt/triad/stray/controller"] })).toBe(true);
  });
});
