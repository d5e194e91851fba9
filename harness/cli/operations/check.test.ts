// What `triad check` and `triad list` answer: the exit code in the headline is that of the command, and no name is
// missing.

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveFolder } from "#run/fakes/saved-folder.ts";
import { suites } from "#spec/scenarios/index.ts";
import { check } from "./check.ts";
import { list } from "./list.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "triad check "));
  saveFolder(join(root, "e"), ["steady-look"]);
});
afterAll(() => rmSync(root, { recursive: true }));

describe("a check", () => {
  it("of an untouched folder names no difference", async () => {
    const { exitCode, differences, summary } = await check({ folder: join(root, "e"), isWriting: false });
    expect(differences).toEqual([]);
    expect(summary).toContain(`(exit ${exitCode})`);
  });

  it("of a changed folder names each difference for programs too, its exit code, and a command that can be pasted", async () => {
    appendFileSync(join(root, "e", "summary.md"), "more\n");
    const { exitCode, differences, summary } = await check({ folder: join(root, "e"), isWriting: false });
    expect([exitCode, differences]).toEqual([1, [expect.stringContaining("summary.md")]]);
    expect(summary).toContain("(exit 1)");
    expect(summary).not.toMatch(/\(exit [^1]/);
    expect(summary).toContain(`./triad check '${root}/e' --write`);
  });
});

describe("the list", () => {
  it("has every suite that a run can be asked for, with its scenarios", async () => {
    const listed = (await list()).suites;
    expect(listed.map(({ name }) => name)).toEqual(Object.keys(suites));
    expect(listed.filter(({ scenarios }) => scenarios === 0)).toEqual([]);
  });
});
