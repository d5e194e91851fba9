// The command line: what it asks of the operations, and how each wrong line ends. No Docker, no process.

import { describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import { addTest, type CheckReport } from "./commands/test.ts";
import { Command } from "commander";
import type { Outcome } from "#api/answers.ts";
import type { CommandContext, Operations } from "#api/operations.ts";
import { examplesOf, faultNames } from "#spec/faults.ts";
import { commandLineOf } from "./commands/fault.ts";
import { helpTexts, runCommand } from "./program.ts";

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

/** A command context with only these operations. Calling another one fails the test. */
function stage(operations: Partial<Operations> = {}, signal = new AbortController().signal) {
  const printed: string[] = [];
  const errors: string[] = [];
  let exitCode: number | undefined;
  const context: CommandContext = {
    operations: async () => operations as Operations,
    signal,
    progress: quiet,
    print: (text) => printed.push(text),
    write: (text) => printed.push(text),
    exit: (code) => (exitCode = code),
  };
  const run = async (line: string) => {
    const failed = await runCommand(line === "" ? [] : line.split(" "), context, (text) => errors.push(text));
    return failed ?? exitCode ?? 0;
  };
  return { run, context, printed, errors, exit: () => exitCode };
}

describe("a line that cannot be read", () => {
  it.each([
    ["", "[usage/bad-command] no command given"],
    ["gat", "[usage/bad-command] unknown command 'gat'\n  expected: Did you mean gate?"],
    ["gate --suit x", "[usage/bad-command] unknown option '--suit'\n  expected: Did you mean --suite?"],
    ["gate extra", "[usage/bad-command] too many arguments"],
    ["gate --only", "[usage/bad-command] option '--only <entries...>' argument missing"],
    ["gate --only ,", '[usage/bad-value] invalid --only ",": use names with commas or spaces between them'],
    ["gate --repeat 0", '[usage/bad-value] invalid --repeat "0": use a whole number, 1 to 1000'],
    ["gate --repeat 1e2", '[usage/bad-value] invalid --repeat "1e2"'],
    ["gate --seed -1", "[usage/bad-"],
    ["gate --tier gold", '[usage/bad-value] invalid --tier "gold": use standard or critical'],
    ["gate --stores zfs", '[usage/bad-value] invalid --stores "zfs": use folder, ext4 or xfs'],
    ["gate --profile /no/such/file", "[usage/bad-value] cannot read the file of --profile: "],
    ["gate --nats-server /", '[usage/bad-value] invalid --nats-server "/": use a regular file'],
    ["bench parallel 0", '[usage/bad-value] invalid n "0": use a whole number, 1 to 16'],
    ["bench exchange", "[usage/bad-command] missing required argument 'n'"],
    ["bench sideways", '[usage/bad-value] unknown benchmark "sideways": use zone, run,'],
    ["check", "[usage/bad-command] missing required argument 'folder'"],
    ["list nodes", '[usage/bad-value] invalid kind "nodes": use entries, suites, scenarios or faults'],
    ["up Alpha", '[usage/bad-value] invalid zone name "Alpha": use 1 to 16 of'],
    ["down a --all", "[usage/bad-command] zone a and --all exclude each other"],
    ["fault burn alpha", '[usage/unknown-fault] unknown fault "burn"\n  expected: kill, stop'],
    ["fault kil alpha", '[usage/unknown-fault] unknown fault "kil"\n  expected: did you mean kill?'],
    ["fault toString alpha", "[usage/unknown-fault] "],
    ["fault", "[usage/unknown-fault] no fault given"],
    ["fault kill", "[usage/bad-value] fault kill needs --node"],
    ["fault storage beta", "[usage/bad-value] fault storage needs --way"],
    ["fault storage beta --way melted", '[usage/bad-value] invalid --way "melted": use gone, read-only, full or eio'],
    ["fault storage beta --weight 3", "[usage/bad-command] unknown option '--weight'"],
    ["fault facts-deleted gamma --count 0", '[usage/bad-value] invalid --count "0": use a whole number, 1 to 10000'],
    ["heal meteor", '[usage/unknown-fault] unknown fault "meteor"'],
    ["fault kill delta", '[usage/unknown-node] unknown node "delta": use alpha, beta or gamma'],
    ["snapshot", "[usage/bad-command] missing required argument 'folder'"],
    ["restore here there", "[usage/bad-command] too many arguments"],
    ["restore here --zone Second", '[usage/bad-value] invalid --zone "Second"'],
    ["cut alpha beta,alpha", "[usage/bad-value] cannot cut alpha from itself"],
    ["cut alpha --segment lan", '[usage/bad-value] invalid --segment "lan": use zone, control or peer'],
    ["engine sideways", "[usage/bad-command] unknown command 'sideways'"],
  ])("triad %s ends with 64 and says why", async (line, message) => {
    const { run, errors } = stage();
    expect(await run(line)).toBe(64);
    expect(errors.join("\n")).toContain(message);
  });
});

describe("an error of a command with --json", () => {
  it("is one object on standard output too, with the code and what to do", async () => {
    const { run, printed } = stage();
    expect(await run("gate --repeat 0 --json")).toBe(64);
    expect(printed.map((text) => JSON.parse(text))).toEqual([
      {
        format: "triad-error/1",
        exitCode: 64,
        code: "usage/bad-value",
        message: 'invalid --repeat "0": use a whole number, 1 to 1000',
        remedy: "See --help of the command.",
      },
    ]);
  });

  it("is text alone without it, or when it is an option of a program in a node", async () => {
    for (const line of ["gate --repeat 0", "exec delta -- bpftool --json"]) {
      const { run, printed, errors } = stage();
      expect([await run(line), printed, errors.length]).toEqual([64, [], 1]);
    }
  });
});

describe("help", () => {
  const commands =
    "gate check prove bench list up status down logs exec snapshot restore watch fault cut heal prune doctor test".split(
      " ",
    );
  it.each([...commands, "engine", "engine up", "bench parallel"])(
    "of %s shows an example that starts like it",
    async (command) => {
      const { run, printed } = stage();
      expect(await run(`${command} --help`)).toBe(0);
      expect(printed.join("")).toMatch(new RegExp(`\\$ \\./triad ${command}\\b`));
    },
  );

  it("of every command says in a sentence what it does", () => {
    for (const { command, text } of helpTexts()) {
      const [usage, , sentence] = text.split("\n");
      expect([command, usage?.startsWith("Usage: "), /^[A-Z].* /.test(sentence ?? "")]).toEqual([command, true, true]);
    }
  });

  it("of the program names every command", async () => {
    const { run, printed } = stage();
    expect(await run("--help")).toBe(0);
    for (const command of commands) expect(printed.join("")).toMatch(new RegExp(`^  ${command} `, "m"));
  });
});

describe("the version", () => {
  it("is that of the package", async () => {
    const { run, printed } = stage();
    expect(await run("--version")).toBe(0);
    expect(printed.join("")).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("bench", () => {
  it.each([
    ["bench", ["zone", {}]],
    ["bench --json", ["zone", {}]],
    ["bench zone --out /tmp/b", ["zone", { out: "/tmp/b" }]],
    ["bench run /tmp/e", ["run", { folder: "/tmp/e" }]],
    ["bench parallel 4", ["parallel", { zones: 4, samples: 3 }]],
    ["bench parallel 4 --samples 9", ["parallel", { zones: 4, samples: 9 }]],
    ["bench exchange 20000", ["exchange", { facts: 20_000 }]],
    ["bench checker 1000", ["checker", { operations: 1_000 }]],
  ])("%s runs %j", async (line, call) => {
    const seen: unknown[] = [];
    const bench: Operations["bench"] = async (name, options) => (seen.push([name, options]), { summary: "", data: 1 });
    expect(await stage({ bench }).run(line)).toBe(0);
    expect(seen).toEqual([call]);
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
    const trouble = stage({ gate: () => Promise.reject(new HarnessError("engine/no-answer", "no answer")) });
    expect(await trouble.run("gate")).toBe(3);
    const unknown = stage({ gate: () => Promise.reject(new HarnessError("usage/unknown-suite", "none")) });
    expect(await unknown.run("gate")).toBe(64);
  });

  it("reports any other error as a defect of the harness", async () => {
    const { run, errors } = stage({ gate: () => Promise.reject(new TypeError("x is not a function")) });
    expect(await run("gate")).toBe(3);
    expect(errors[0]).toContain("[run/internal] x is not a function");
  });
});

describe("an interrupted command", () => {
  const reason = new HarnessError("run/interrupted", "the run was interrupted by SIGINT");

  it("reports the interrupt, not the error that followed from it", async () => {
    const { run, errors } = stage({ gate: () => Promise.reject(new Error("aborted")) }, AbortSignal.abort(reason));
    expect(await run("gate")).toBe(3);
    expect(errors.join("\n")).toMatch(/^\[run\/interrupted\] the run was interrupted by SIGINT/);
  });

  it("still reports what could not be undone", async () => {
    const left = new HarnessError("fault/not-undone", "the cut of alpha is still there");
    const { run, errors } = stage({ gate: () => Promise.reject(left) }, AbortSignal.abort(reason));
    await run("gate");
    expect(errors.join("\n")).toMatch(/^\[fault\/not-undone\]/);
  });
});

describe("commands on a zone", () => {
  it.each(faultNames.flatMap(examplesOf).map((spec) => [commandLineOf(spec), spec] as const))(
    "%s injects what a file would",
    async (line, spec) => {
      const seen: unknown[] = [];
      const { run, printed, errors } = stage({ fault: async (options) => (seen.push(options), "a proof") });
      expect([await run(`${line} --zone second`), errors]).toEqual([0, []]);
      expect(seen).toEqual([{ spec, zone: "second" }]);
      expect(printed).toEqual(["a proof"]);
    },
  );

  it("heal takes a fault, a node, or all", async () => {
    const seen: unknown[] = [];
    const { run } = stage({ heal: async (options) => (seen.push(options), "undone") });
    for (const line of ["heal", "heal all --zone second", "heal pause --node beta"]) await run(line);
    expect(seen).toEqual([{}, { zone: "second" }, { fault: "pause", node: "beta" }]);
  });

  it("cut takes nodes and peers, and both segments by default", async () => {
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

  it("exec passes on the arguments and the exit code of the program", async () => {
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
    const { context, printed, exit } = stage({ gate: async () => ({ ...outcome, ...gate }) });
    const program = new Command();
    addTest(program, context, async () => checks);
    await program.parseAsync(line.split(" "), { from: "user" });
    return [printed.at(-1), exit()];
  }

  it.each([
    ["sums checks and entries", green, {}, "43 passed, 0 failed", 0],
    ["counts broken and unknown as failed", green, { broken: 2, unknown: 1, exitCode: 1 }, "43 passed, 3 failed", 1],
    ["is red when the gate is, whatever it counted", green, { exitCode: 3 }, "43 passed, 1 failed", 1],
    ["counts a failed step without counts once, and still runs the gate", red, {}, "3 passed, 1 failed", 1],
    ["is red when nothing ran", { results: [] }, { kept: 0 }, "0 passed, 1 failed", 1],
  ] satisfies [string, CheckReport, Partial<Outcome>, string, number][])("%s", async (_, checks, gate, line, code) => {
    expect(await lastLine(checks, gate)).toEqual([line, code]);
  });

  it("skips the gate with --no-zone", async () => {
    expect(await lastLine(green, { broken: 5, exitCode: 1 }, "test --no-zone")).toEqual(["40 passed, 0 failed", 0]);
  });
});
