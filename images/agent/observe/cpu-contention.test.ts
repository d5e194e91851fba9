// CPU contention, from a file in the kernel's format.

import { mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { CpuContention } from "./cpu-contention.ts";

describe("CPU contention", () => {
  it("is the mean of runnable tasks per core without the reader itself, and restarts when taken", () => {
    const path = join(mkdtempSync(join(tmpdir(), "cpu-contention-")), "loadavg");
    writeFileSync(path, "0.52 0.41 0.30 3/412 9120\n");
    const cpuContention = new CpuContention(path);
    cpuContention.sample();
    writeFileSync(path, "0.52 0.41 0.30 7/412 9120\n");
    cpuContention.sample();
    expect(cpuContention.take()).toBeCloseTo(4 / availableParallelism(), 2);
    expect(cpuContention.take()).toBeUndefined();
  });

  it("is unknown without the file or with another text in it", () => {
    const path = join(mkdtempSync(join(tmpdir(), "cpu-contention-")), "loadavg");
    const missing = new CpuContention(path);
    missing.sample();
    writeFileSync(path, "none\n");
    const strange = new CpuContention(path);
    strange.sample();
    expect([missing.take(), strange.take()]).toEqual([undefined, undefined]);
  });
});
