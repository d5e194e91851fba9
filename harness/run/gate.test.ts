// The gate with fakes for what it starts: which end of the scenarios and of Jest leads to which end of the run.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import type { Swept } from "#engine/sweep.ts";
import type { VerdictsFile } from "#spec/verdict.ts";
import type { Environment } from "#zone/environment.ts";
import type { ExecuteOptions } from "./execute-plan.ts";
import { claimed, runGate } from "./gate.ts";
import { checkFolder } from "./saved/check-folder.ts";
import { planRun } from "./make-plan.ts";
import { runFile } from "./evidence-folder.ts";

const plan = planRun({ suites: ["network"], only: [], repeat: 1, seed: 1, tier: "standard", isKept: false });

let root = "";
let folder = "";
let calls: string[] = [];
let stop = new AbortController();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "triad-gate-"));
  folder = join(root, "evidence");
  calls = [];
  stop = new AbortController();
});
afterEach(() => rmSync(root, { recursive: true }));

const environment = {
  engine: { version: "1", kind: "given", kernel: "6", docker: {} },
  privileges: { name: "privileged" },
  images: { node: "n", agent: "a" },
  versions: { "nats-server": "2.10.27" },
  bridges: { releaseDead: async () => void calls.push("bridges released") },
  [Symbol.asyncDispose]: async () => void calls.push("environment closed"),
} as unknown as Environment;

/** Ends when the signal fires. */
const untilAborted = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );

type Programs = NonNullable<Parameters<typeof runGate>[1]>;

/** No scenario leaves a history, so that every entry is unknown. */
function gated(differs: Partial<Programs> = {}) {
  const request: ExecuteOptions = { plan, folder, signal: stop.signal, onUpdate: () => {} };
  return runGate(request, {
    refuseWithoutRights: () => {},
    openEnvironment: async () => environment,
    executePlan: async () => void calls.push("scenarios"),
    runSuites: async () => 1,
    sweep: async () => {
      calls.push("swept");
      return {} as Swept;
    },
    ...differs,
  });
}

const reports = ["junit.xml", "report.html", "summary.md", "verdicts.json"];
const reportsOf = (path: string) =>
  readdirSync(path)
    .filter((name) => reports.includes(name))
    .sort();
const leftBehind = () => JSON.parse(readFileSync(join(folder, "verdicts.json"), "utf8")) as VerdictsFile;

describe("a gate", () => {
  it("judges what was saved, writes the reports, and cleans up", async () => {
    const file = await gated();
    expect(file.entries.map(({ verdict }) => verdict)).toEqual(plan.entries.map(() => "unknown"));
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(["plan.json", runFile, "verdicts.json", "report.html", "junit.xml", "summary.md"]),
    );
    expect(calls).toEqual(["scenarios", "swept", "bridges released", "environment closed"]);
  });

  it("asks Jest about the selected entries only: another one may be broken, and has no claim there", async () => {
    const { entries } = await gated();
    const other = { ...entries[0]!, id: "DUAL-9", verdict: "broken" as const };
    expect(claimed([...entries, other], plan)).toEqual(entries);
  });

  it("gives the same verdicts when its folder is judged again", async () => {
    const file = await gated();
    expect(checkFolder(folder)).toMatchObject({ differences: [], notes: [], file: { entries: file.entries } });
  });

  it.each([0, 2, 128])(
    "fails when Jest ends with %d although an entry is not kept, and quotes its log",
    async (code) => {
      const runSuites: Programs["runSuites"] = async (options) => {
        writeFileSync(join(options.folder, "jest.log"), "the last words\n");
        return code;
      };
      await expect(gated({ runSuites })).rejects.toMatchObject({
        code: "run/jest-failed",
        message: expect.stringContaining("the last words"),
      });
      expect(calls.at(-1)).toBe("environment closed");
    },
  );

  it("ends the claims when the scenarios fail, says why they failed, and leaves what was judged", async () => {
    const lost = new HarnessError("engine/no-answer", "the daemon is away");
    await expect(gated({ executePlan: () => Promise.reject(lost), runSuites: untilAborted })).rejects.toBe(lost);
    expect(leftBehind().run.ended).toBe("the daemon is away");
    expect(checkFolder(folder)).toMatchObject({ differences: [], notes: [] });
  });

  it("leaves a folder that check judges when its process is killed", async () => {
    let atKill = "";
    const executePlan: Programs["executePlan"] = async () => {
      atKill = join(root, "killed");
      cpSync(folder, atKill, { recursive: true });
    };
    await gated({ executePlan });
    expect(leftBehind().run.ended).toBeUndefined();
    const first = checkFolder(atKill);
    expect(first.file.run.ended).toBe("its process was killed");
    expect(first.file.entries.every(({ verdict }) => verdict === "unknown")).toBe(true);
    expect(first.notes).toEqual([expect.stringContaining("this check wrote it and the reports")]);
    expect(reportsOf(atKill)).toEqual(reports);
    expect(checkFolder(atKill)).toMatchObject({ differences: [], notes: [] });
  });

  it("names the missing verdicts of a run that ended: somebody removed them", async () => {
    await gated();
    rmSync(join(folder, "verdicts.json"));
    expect(() => checkFolder(folder)).toThrow(/has no verdicts.json, although its run ended/);
  });

  it("ends the scenarios when Jest cannot be started", async () => {
    const missing = new Error("spawn ENOENT");
    await expect(
      gated({ executePlan: (_, options) => untilAborted(options), runSuites: () => Promise.reject(missing) }),
    ).rejects.toMatchObject({ message: "spawn ENOENT", cause: missing });
  });

  it("is judged when its signal ends it: what did not run is unknown, and the environment is closed", async () => {
    const runSuites: Programs["runSuites"] = (options) => {
      const ended = untilAborted(options);
      stop.abort(new HarnessError("run/interrupted", "the run was interrupted by SIGINT"));
      return ended;
    };
    const executePlan: Programs["executePlan"] = (_, options) => untilAborted(options);
    const { run, entries } = await gated({ executePlan, runSuites });
    expect(run.ended).toBe("the run was interrupted by SIGINT");
    expect(entries.every(({ verdict }) => verdict === "unknown")).toBe(true);
    expect(reportsOf(folder)).toEqual(reports);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("The run ended early: the run was interrupted");
    expect(checkFolder(folder)).toMatchObject({ differences: [], notes: [] });
    expect(calls).toContain("environment closed");
  });

  it("says what ended it when its folder cannot be judged because of that", async () => {
    const full = new HarnessError("image/disk-full", "no space is left");
    const executePlan: Programs["executePlan"] = () => {
      rmSync(join(folder, "plan.json"));
      return Promise.reject(full);
    };
    await expect(gated({ executePlan, runSuites: untilAborted })).rejects.toBe(full);
  });

  it("runs no scenario when it was interrupted while the environment opened, and calls all of them unknown", async () => {
    const openEnvironment = async () => {
      stop.abort(new HarnessError("run/interrupted", "the run reached its deadline of 1 s"));
      return environment;
    };
    const { run, entries } = await gated({ openEnvironment });
    expect(calls).toEqual(["swept", "bridges released", "environment closed"]);
    expect(run.ended).toBe("the run reached its deadline of 1 s");
    expect(entries.every(({ verdict }) => verdict === "unknown")).toBe(true);
    expect(reportsOf(folder)).toEqual(reports);
    expect(checkFolder(folder)).toMatchObject({ differences: [], notes: [] });
  });

  it("makes no folder when it may not start an engine", async () => {
    const refused = new HarnessError("engine/not-root", "no root");
    const refuseWithoutRights = () => {
      throw refused;
    };
    await expect(gated({ refuseWithoutRights })).rejects.toBe(refused);
    expect(existsSync(folder)).toBe(false);
  });

  it("gives the folder back when the environment does not open", async () => {
    const refused = new HarnessError("engine/not-root", "no root");
    await expect(gated({ openEnvironment: () => Promise.reject(refused) })).rejects.toBe(refused);
    expect(existsSync(folder)).toBe(false);
  });

  it("leaves files of others in the folder that it releases", async () => {
    mkdirSync(folder);
    const openEnvironment = () => {
      writeFileSync(join(folder, "notes"), "mine");
      return Promise.reject(new HarnessError("engine/not-root", "no root"));
    };
    await expect(gated({ openEnvironment })).rejects.toThrow("no root");
    expect(readFileSync(join(folder, "notes"), "utf8")).toBe("mine");
    expect(readdirSync(folder)).toEqual(["notes"]);
  });

  it("does not let a failed sweep hide its verdict", async () => {
    const file = await gated({ sweep: () => Promise.reject(new Error("in use")) });
    expect(file.entries).toHaveLength(plan.entries.length);
    expect(calls.at(-1)).toBe("environment closed");
  });
});
