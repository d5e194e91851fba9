// The storage check on a folder of this machine: what it must notice, and what it must not change.

import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { StorageCheck } from "./storage-check.ts";

describe("storage check", () => {
  it("is open on a good folder and leaves nothing behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "storage-check-"));
    const check = new StorageCheck(folder);
    expect(check.isOpen).toBe(false);
    await check.check();
    expect(check).toMatchObject({ isOpen: true, why: "" });
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it("closes when the folder goes away and does not create it again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "storage-check-"));
    const check = new StorageCheck(folder);
    await check.check();
    rmSync(folder, { recursive: true });
    await check.check();
    expect(check).toMatchObject({ isOpen: false, why: "ENOENT" });
    expect(existsSync(folder)).toBe(false);
  });

  it("closes when another file system is mounted there", async () => {
    const check = new StorageCheck("/proc");
    await check.check();
    expect(check.isOpen).toBe(false);
  });
});
