// The gate with fakes for what it starts: which end of the scenarios and of Jest leads to which end of the run.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import type { Swept } from "#engine/sweep.ts";
import type { Environment } from "#zone/environment.ts";
import type { ExecuteOptions } from "./execute-plan.ts";
import { runGate } from "./gate.ts";
import { checkFolder } from "./saved/check-folder.ts";
import { judgeSaved } from "./judge-saved.ts";
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

describe("a gate", () => {
  it("judges what was saved, writes the reports, and cleans up", async () => {
    const file = await gated();
    expect(file.entries.map(({ verdict }) => verdict)).toEqual(plan.entries.map(() => "unknown"));
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(["plan.json", runFile, "verdicts.json", "report.html", "junit.xml", "summary.md"]),
    );
    expect(calls).toEqual(["scenarios", "swept", "bridges released", "environment closed"]);
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

  it("ends the claims when the scenarios fail, and says why they failed", async () => {
    const lost = new HarnessError("engine/no-answer", "the daemon is away");
    await expect(gated({ executePlan: () => Promise.reject(lost), runSuites: untilAborted })).rejects.toBe(lost);
    expect(existsSync(join(folder, runFile))).toBe(false);
    expect(() => judgeSaved(folder)).toThrow(/its run did not end/);
  });

  it("ends the scenarios when Jest cannot be started", async () => {
    const missing = new Error("spawn ENOENT");
    await expect(
      gated({ executePlan: (_, options) => untilAborted(options), runSuites: () => Promise.reject(missing) }),
    ).rejects.toBe(missing);
  });

  it("is interrupted by its signal: both ends, and the environment is closed", async () => {
    const runSuites: Programs["runSuites"] = (options) => {
      const ended = untilAborted(options);
      stop.abort(new Error("SIGINT"));
      return ended;
    };
    const executePlan: Programs["executePlan"] = (_, options) => untilAborted(options);
    await expect(gated({ executePlan, runSuites })).rejects.toMatchObject({ code: "run/interrupted" });
    expect(calls).toContain("environment closed");
  });

  it("starts nothing when it was interrupted while the environment opened, and gives the folder back", async () => {
    const openEnvironment = async () => {
      stop.abort(new Error("SIGINT"));
      return environment;
    };
    await expect(gated({ openEnvironment })).rejects.toThrow("SIGINT");
    expect(calls).toEqual(["environment closed"]);
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
