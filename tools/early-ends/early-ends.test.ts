// The moments of a run, what is left of one, and what `npm run early-ends` calls wrong. No zone is started.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { leftOf, markedAs } from "./leftovers.ts";
import { completeIn, hasCome, judgedIn, moments } from "./moments.ts";
import { chosen, rowLine } from "./table.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triad-early-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (scenario: string, file: string, text: string) => {
  mkdirSync(join(folder, "scenarios", scenario), { recursive: true });
  appendFileSync(join(folder, "scenarios", scenario, file), text);
};
const come = () => moments.filter((moment) => hasCome(moment, folder));

it("the moments come one after the other", () => {
  expect(come()).toEqual([]);
  writeFileSync(join(folder, "plan.json"), "{}");
  expect(come()).toEqual(["opening"]);
  writeFileSync(join(folder, "run.json"), "{}");
  expect(come()).toEqual(["opening", "starting"]);
  write("steady-failover-1", "history.jsonl", '{"t":1,"type":"fault","phase":"effective"}\n');
  expect(come()).toEqual(["opening", "starting", "faulty"]);
  write("steady-failover-1", "history.jsonl", '{"t":2,"mark":"audited"}\n');
  write("steady-look-1", "history.jsonl", '{"t":3,"ty');
  expect(come()).toEqual(["opening", "starting", "faulty", "second"]);
  expect([completeIn(folder), judgedIn(folder)]).toEqual([["steady-failover-1"], []]);
  write("steady-failover-1", "findings.json", "[]");
  write("steady-look-1", "history.jsonl", 'pe":"x"}\n{"t":4,"mark":"audited"}\n');
  expect(come()).toEqual([...moments]);
  expect(judgedIn(folder)).toEqual(["steady-failover-1"]);
});

describe("what is left of a run", () => {
  it("is each process that carries its mark, until it ends", async () => {
    const name = `${folder}/run`;
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      env: { ...process.env, ...markedAs(name) },
      stdio: ["pipe", "ignore", "ignore"],
    });
    await once(child, "spawn");
    expect(leftOf(name, "/no-such-group")).toEqual([expect.stringMatching(new RegExp(`^${child.pid} `))]);
    expect(leftOf(`${folder}/other`, "/no-such-group")).toEqual([]);
    child.stdin.end();
    await once(child, "close");
    expect(leftOf(name, "/no-such-group")).toEqual([]);
  });
});

describe("the arguments", () => {
  it("are names of the list, or nothing for all", () => {
    expect([chosen(undefined, moments), chosen("second,faulty", moments)]).toEqual([moments, ["second", "faulty"]]);
    expect(() => chosen("noon", moments)).toThrow(expect.objectContaining({ code: "usage/bad-value" }));
  });
});

it("a row has what is not as documented in one cell", () => {
  const row = { way: "SIGTERM", moment: "faulty", code: 3, tookS: 1.5, judged: 0, wrong: ["a | b", "c\nd"] } as const;
  expect(rowLine({ ...row, wrong: [...row.wrong] })).toBe(
    "| SIGTERM | a fault stands | 0 | 3 | 1.5 s | a \\| b; c d |",
  );
});
