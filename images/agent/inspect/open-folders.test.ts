// Open folders of a real process: the test's own.

import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { openFoldersOf } from "./open-folders.ts";

it("names the folder of an open file, with the file system under it, until it is closed", () => {
  const folder = mkdtempSync(join(tmpdir(), "triad-open-"));
  const file = openSync(join(folder, "one"), "w");
  const found = openFoldersOf(process.pid).filter((one) => one.folder === folder);
  expect(found).toMatchObject([{ pid: process.pid, files: 1 }]);
  expect(found[0]!.device).toMatch(/^\d+:\d+$/);
  expect(found[0]!.type).not.toBe("");
  closeSync(file);
  expect(openFoldersOf(process.pid).some((one) => one.folder === folder)).toBe(false);
  rmSync(folder, { recursive: true });
});

it("names none for a process that is gone", () => {
  expect(openFoldersOf(2 ** 30)).toEqual([]);
});
