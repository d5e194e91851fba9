// A folder may hold anything. Each shape of it ends in an error with a code, or makes its scenario unknown, in time.

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { lineBytesMax } from "#history/codec.ts";
import { checkFolder } from "./check-folder.ts";
import { takeFolder } from "../evidence-folder.ts";
import { copyFolder, request, saveFolder } from "../fakes/saved-folder.ts";
import { planRun } from "../make-plan.ts";
import { readProfile } from "../profile.ts";

/** Generous for a busy machine: what hangs or is quadratic takes far longer. */
const patienceMs = 5_000;
const history = "scenarios/steady-look-1/history.jsonl";
let root = "";
let whole = "";
let copies = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "triad-bad-"));
  whole = join(root, "whole");
  saveFolder(whole, ["steady-look"]);
});
afterAll(() => rmSync(root, { recursive: true }));

const shapes: [what: string, make: (path: string) => unknown][] = [
  ["a FIFO", (path) => execFileSync("/usr/bin/mkfifo", [path])],
  ["a link to a device", (path) => symlinkSync("/dev/zero", path)],
  ["a link out of the folder", (path) => symlinkSync(join(whole, history), path)],
  ["a link to nowhere", (path) => symlinkSync("/nowhere", path)],
  ["a folder", (path) => mkdirSync(path)],
  ["no bytes", (path) => writeFileSync(path, "")],
  ["null", (path) => writeFileSync(path, "null\n")],
  ["a list", (path) => writeFileSync(path, "[]\n")],
  ["a number", (path) => writeFileSync(path, "7\n")],
  ["an empty object", (path) => writeFileSync(path, "{}\n")],
  ["a byte order mark", (path) => writeFileSync(path, `\uFEFF${first(path)}`)],
  ["a key __proto__", (path) => writeFileSync(path, first(path).replace("{", '{"__proto__":{"isKept":true},'))],
  ["half of its text", (path) => writeFileSync(path, first(path).slice(0, 200))],
  ["bytes that are no text", (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0, 0x7b, 0x0a]))],
  ["one endless line", (path) => writeFileSync(path, Buffer.alloc(100 << 20, 0x20))],
  ["lists in lists", (path) => writeFileSync(path, `${"[".repeat(1 << 20)}\n`)],
];
const first = (path: string) =>
  readFileSync(join(whole, path.slice(path.indexOf("copy-")).split("/").slice(1).join("/")), "utf8");

/** A copy in which one file is something else. */
function damaged(name: string, make: (path: string) => unknown): string {
  const folder = copyFolder(whole, join(root, `copy-${(copies += 1)}`));
  rmSync(join(folder, name));
  make(join(folder, name));
  return folder;
}

/** What a check of the folder ends in. */
function ended(folder: string): { code?: string; verdicts?: string[]; differences?: string[] } {
  const sinceNs = nowNs();
  try {
    const { file, differences } = checkFolder(folder);
    return { verdicts: [...new Set(file.entries.map(({ verdict }) => verdict))], differences };
  } catch (error) {
    return { code: HarnessError.from(error).code };
  } finally {
    expect(elapsedMs(sinceNs)).toBeLessThan(patienceMs);
  }
}

describe.each(["plan.json", "run.json", "verdicts.json"])("%s", (name) => {
  it.each(shapes)("as %s is refused with a code", (_what, make) => {
    expect(ended(damaged(name, make))).toEqual({ code: "usage/not-evidence" });
  });
});

describe("a history", () => {
  it.each(shapes)("as %s decides nothing", (_what, make) => {
    const { verdicts, differences } = ended(damaged(history, make));
    expect(verdicts).toEqual(["unknown"]);
    expect(differences?.join()).toContain(history);
  });

  it("with a line that is too long is refused by its number, in linear time", () => {
    const long = (path: string) => writeFileSync(path, `${first(path)}{"t":1,"x":"${"x".repeat(lineBytesMax)}"}\n`);
    expect(ended(damaged(history, long)).verdicts).toEqual(["unknown"]);
  });

  it.each([
    ["a list of nodes", { zone: { vip: "v", rpcPort: 1, nodes: [], spec: {} } }],
    ["a setting of another type", { zone: { spec: { lease: null } } }],
    ["no name of a fault", { plannedFaults: [{}] }],
    ["a fault of no node", { plannedFaults: [{ fault: "kill", nodes: ["delta"] }] }],
    ["a number as an entry", { entries: [1] }],
    ["bounds of words", { bounds: { failoverMaxS: "30" } }],
    ["a peer of nothing", { peer: {} }],
  ])("whose header has %s decides nothing", (_what, differs) => {
    const changed = (path: string) => {
      const [header, ...rest] = first(path).split("\n");
      writeFileSync(path, [JSON.stringify({ ...(JSON.parse(header!) as object), ...differs }), ...rest].join("\n"));
    };
    expect(ended(damaged(history, changed)).verdicts).toEqual(["unknown"]);
  });
});

describe("a socket", () => {
  it.each(["plan.json", history])("in the place of %s is not read", async (name) => {
    const folder = damaged(name, () => {});
    const server = createServer();
    const path = join(folder, name);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { code, verdicts } = ended(folder);
    expect(code ?? verdicts?.join()).toBe(name === history ? "unknown" : "usage/not-evidence");
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("the folder of a scenario", () => {
  it("behind a link decides nothing", () => {
    const folder = copyFolder(whole, join(root, `copy-${(copies += 1)}`));
    rmSync(join(folder, dirname(history)), { recursive: true });
    symlinkSync(join(whole, dirname(history)), join(folder, dirname(history)));
    expect(ended(folder).verdicts).toEqual(["unknown"]);
  });

  it("is never looked for outside of the run's folder", () => {
    const folder = damaged("plan.json", (path) =>
      writeFileSync(path, first(path).replace('"steady-look"', '"../../x"')),
    );
    expect(ended(folder)).toEqual({ code: "usage/not-evidence" });
  });
});

describe("--out", () => {
  it.each(["/proc/triad", "/proc/self/status", "/dev/null", "/sys/triad", "/nul\0", "/proc/self/fd"])(
    "%j is refused before anything starts",
    (folder) => {
      expect(() => takeFolder(folder, planRun({ ...request, suites: ["network"] }))).toThrow(
        expect.objectContaining({ code: "usage/bad-value" }),
      );
    },
  );
});

describe("--profile", () => {
  it.each(shapes.slice(0, 5))("as %s is refused with a code", (_what, make) => {
    const path = join(root, `profile-${(copies += 1)}`);
    make(path);
    // A link is the caller's own choice; what stands there must still be a profile.
    expect(() => readProfile(path)).toThrow(expect.objectContaining({ code: "usage/bad-value" }));
  });

  it.each(["null: 1", "[]", "7", "a: &a [*a]", "bounds: null", "waivers: {}", "\uFEFFwaivers: 1", "__proto__: {}"])(
    "that says %j is refused or says nothing",
    (text) => {
      const path = join(root, `profile-${(copies += 1)}`);
      writeFileSync(path, text);
      expect(() => readProfile(path)).toThrow(expect.objectContaining({ code: "usage/bad-value" }));
    },
  );
});
