// Claims about the command line: what it asks of the harness, and how each wrong line ends. No Docker, no process.

import { describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import { addTest, type CheckReport } from "./commands/test.ts";
import { Command } from "commander";
import type { Door, Outcome, Triad } from "#api/api.ts";
import { runCommand } from "./program.ts";

const outcome: Outcome = {
  exitCode: 0,
  kept: 3,
  broken: 0,
  unknown: 0,
  waived: 0,
  notApplicable: 1,
  out: "/e",
  summary: "3 kept",
};
const quiet = { step: () => ({ update: () => {}, done: () => {}, failed: () => {} }), say: () => {} };

/** A door to a harness of which only `parts` exist. Asking for another part fails the test by its error. */
function stage(parts: Partial<Triad> = {}, signal = new AbortController().signal) {
  const printed: string[] = [];
  const errors: string[] = [];
  let exitCode: number | undefined;
  const door: Door = {
    triad: async () => parts as Triad,
    context: { signal, progress: quiet },
    print: (text) => printed.push(text),
    write: (text) => printed.push(text),
    exit: (code) => (exitCode = code),
  };
  const run = async (line: string) => {
    const failed = await runCommand(line === "" ? [] : line.split(" "), door, (text) => errors.push(text));
    return failed ?? exitCode ?? 0;
  };
  return { run, door, printed, errors, exit: () => exitCode };
}

describe("a line that cannot be read", () => {
  it.each([
    ["", "[usage/bad-command] no command was given"],
    ["gat", "[usage/bad-command] unknown command 'gat'\n  expected: Did you mean gate?"],
    ["gate --suit x", "[usage/bad-command] unknown option '--suit'\n  expected: Did you mean --suite?"],
    ["gate extra", "[usage/bad-command] too many arguments"],
    ["gate --only", "[usage/bad-command] option '--only <ids...>' argument missing"],
    ["gate --only ,", '[usage/bad-value] "," is an empty list'],
    ["gate --repeat 0", '[usage/bad-value] "0" is not a number that fits\n  expected: a whole number, 1 to 1000'],
    ["gate --repeat 1e2", '[usage/bad-value] "1e2" is not'],
    ["gate --seed -1", "[usage/bad-"],
    ["gate --tier gold", '[usage/bad-value] "gold" is no tier'],
    ["gate --stores zfs", '[usage/bad-value] "zfs" is nothing to keep a store on\n  expected: folder, ext4, xfs'],
    ["gate --profile /no/such/file", "[usage/bad-value] /no/such/file cannot be read"],
    ["gate --nats-server /", "[usage/bad-value] / is not a file"],
    ["bench --evidence . --drift 2", "[usage/bad-command] both --evidence and --drift"],
    ["check", "[usage/bad-command] missing required argument 'folder'"],
    ["list nodes", '[usage/bad-value] "nodes" cannot be listed'],
    ["up Alpha", '[usage/bad-value] "Alpha" cannot name a zone'],
    ["down a --all", "[usage/bad-command] both a zone (a) and --all"],
    ["fault burn alpha", "[usage/unknown-fault] "],
    ["fault toString alpha", "[usage/unknown-fault] "],
    ["fault kill delta", '[usage/unknown-node] there is no node "delta"'],
    ["snapshot", "[usage/bad-command] missing required argument 'folder'"],
    ["restore here there", "[usage/bad-command] too many arguments"],
    ["restore here --zone Second", '[usage/bad-value] "Second" cannot name a zone'],
    ["cut alpha beta,alpha", "[usage/bad-value] alpha cannot be cut from itself"],
    ["cut alpha --segment lan", '[usage/bad-value] there is no segment "lan"'],
    ["engine sideways", "[usage/bad-command] unknown command 'sideways'"],
  ])("triad %s ends with 64 and says why", async (line, message) => {
    const { run, errors } = stage();
    expect(await run(line)).toBe(64);
    expect(errors.join("\n")).toContain(message);
  });
});

describe("help", () => {
  const commands =
    "gate check prove bench list up status down logs exec snapshot restore watch fault cut heal prune doctor test".split(
      " ",
    );
  it.each([...commands, "engine", "engine up"])("of %s shows an example that starts like it", async (command) => {
    const { run, printed } = stage();
    expect(await run(`${command} --help`)).toBe(0);
    expect(printed.join("")).toMatch(new RegExp(`\\$ \\./triad ${command}\\b`));
  });

  it("of the whole names every command", async () => {
    const { run, printed } = stage();
    expect(await run("--help")).toBe(0);
    for (const command of commands) expect(printed.join("")).toMatch(new RegExp(`^  ${command} `, "m"));
  });
});

describe("gate", () => {
  it("takes lists with commas, spaces and repeated flags", async () => {
    const seen: unknown[] = [];
    const { run } = stage({ gate: async (options) => (seen.push(options), outcome) });
    await run("gate --suite failure,timing dual --only FAIL-1 --only FAIL-1,FAIL-2 --repeat 3 --seed 7 --keep");
    expect(seen).toEqual([
      {
        suites: ["failure", "timing", "dual"],
        only: ["FAIL-1", "FAIL-2"],
        seed: 7,
        repeat: 3,
        tier: "standard",
        isKept: true,
      },
    ]);
  });

  it.each([0, 1, 2, 3] as const)("ends with the outcome's exit code %d", async (exitCode) => {
    const { run, printed } = stage({ gate: async () => ({ ...outcome, exitCode }) });
    expect(await run("gate")).toBe(exitCode);
    expect(printed).toEqual(["3 kept"]);
  });

  it("prints one JSON object when asked", async () => {
    const { run, printed } = stage({ gate: async () => outcome });
    await run("gate --json");
    expect(JSON.parse(printed.join(""))).toEqual({ format: "triad-outcome/1", ...outcome });
  });

  it("ends with 3 on trouble and with 64 on an unknown suite", async () => {
    const trouble = stage({ gate: () => Promise.reject(new HarnessError("engine/no-answer", "nobody")) });
    expect(await trouble.run("gate")).toBe(3);
    const unknown = stage({ gate: () => Promise.reject(new HarnessError("usage/unknown-suite", "none")) });
    expect(await unknown.run("gate")).toBe(64);
  });

  it("calls a foreign error a defect of the harness", async () => {
    const { run, errors } = stage({ gate: () => Promise.reject(new TypeError("x is not a function")) });
    expect(await run("gate")).toBe(3);
    expect(errors[0]).toContain("[run/internal] x is not a function");
  });
});

describe("an interrupted command", () => {
  const reason = new HarnessError("run/interrupted", "the run was ended by SIGINT");

  it("says so instead of the error that followed from it", async () => {
    const { run, errors } = stage({ gate: () => Promise.reject(new Error("aborted")) }, AbortSignal.abort(reason));
    expect(await run("gate")).toBe(3);
    expect(errors.join("\n")).toMatch(/^\[run\/interrupted\] the run was ended by SIGINT/);
  });

  it("still says what it could not undo", async () => {
    const left = new HarnessError("fault/not-undone", "the cut of alpha is still there");
    const { run, errors } = stage({ gate: () => Promise.reject(left) }, AbortSignal.abort(reason));
    await run("gate");
    expect(errors.join("\n")).toMatch(/^\[fault\/not-undone\]/);
  });
});

describe("commands on a zone", () => {
  it("cut takes a set against a set, on both segments unless told", async () => {
    const seen: unknown[] = [];
    const { run, printed } = stage({ cut: async (options) => (seen.push(options), "14 packets dropped") });
    expect(await run("cut alpha,gamma beta clients --one-way --zone second")).toBe(0);
    await run("cut beta --segment zone");
    expect(seen).toEqual([
      {
        nodes: ["alpha", "gamma"],
        peers: ["beta", "clients"],
        segments: ["zone", "control"],
        isOneWay: true,
        zone: "second",
      },
      { nodes: ["beta"], peers: [], segments: ["zone"], isOneWay: false },
    ]);
    expect(printed).toContain("14 packets dropped");
  });

  it.each(["snapshot", "restore"] as const)("%s takes a folder, and a zone where several are up", async (command) => {
    const seen: unknown[] = [];
    const answer = { summary: "3 messages", data: { messages: 3 } };
    const { run, printed } = stage({ [command]: async (options: unknown) => (seen.push(options), answer) });
    expect(await run(`${command} /backup --zone second`)).toBe(0);
    await run(`${command} /backup --json`);
    expect(seen).toEqual([{ folder: "/backup", zone: "second" }, { folder: "/backup" }]);
    expect(printed).toEqual(["3 messages", '{"messages":3}']);
  });

  it("exec hands on the program's arguments and its exit code", async () => {
    const seen: unknown[] = [];
    const { run } = stage({ exec: async (options) => (seen.push(options), 7) });
    expect(await run("exec alpha -- ls -l --help")).toBe(7);
    expect(seen).toEqual([{ node: "alpha", argv: ["ls", "-l", "--help"] }]);
  });
});

describe("test", () => {
  const green: CheckReport = { results: [{ name: "unit", isOk: true, passed: 40, failed: 0 }] };
  const red: CheckReport = { results: [{ name: "lint", isOk: false, passed: 0, failed: 0 }] };

  async function lastLine(checks: CheckReport, gate: Partial<Outcome>, line = "test") {
    const { door, printed, exit } = stage({ gate: async () => ({ ...outcome, ...gate }) });
    const program = new Command();
    addTest(program, door, async () => checks);
    await program.parseAsync(line.split(" "), { from: "user" });
    return [printed.at(-1), exit()];
  }

  it.each([
    ["sums checks and entries", green, {}, "43 passed, 0 failed", 0],
    ["counts broken and unknown as failed", green, { broken: 2, unknown: 1, exitCode: 1 }, "43 passed, 3 failed", 1],
    ["is red when the gate is, whatever it counted", green, { exitCode: 3 }, "43 passed, 1 failed", 1],
    ["counts a red step without counts once, and tries the zone all the same", red, {}, "3 passed, 1 failed", 1],
    ["is red when nothing ran", { results: [] }, { kept: 0 }, "0 passed, 1 failed", 1],
  ] satisfies [string, CheckReport, Partial<Outcome>, string, number][])("%s", async (_, checks, gate, line, code) => {
    expect(await lastLine(checks, gate)).toEqual([line, code]);
  });

  it("leaves the zone out when told", async () => {
    expect(await lastLine(green, { broken: 5, exitCode: 1 }, "test --no-zone")).toEqual(["40 passed, 0 failed", 0]);
  });
});
