// The kernel's count of runnable tasks, from a file of its form.

import { mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { CpuContention } from "./cpu-contention.ts";

describe("crowd", () => {
  it("is the mean of the runnable tasks but the reader, a core, and begins anew when taken", () => {
    const path = join(mkdtempSync(join(tmpdir(), "crowd-")), "loadavg");
    writeFileSync(path, "0.52 0.41 0.30 3/412 9120\n");
    const cpuContention = new CpuContention(path);
    cpuContention.sample();
    writeFileSync(path, "0.52 0.41 0.30 7/412 9120\n");
    cpuContention.sample();
    expect(cpuContention.take()).toBeCloseTo(4 / availableParallelism(), 2);
    expect(cpuContention.take()).toBeUndefined();
  });

  it("is not known where there is no such file or it says something else", () => {
    const path = join(mkdtempSync(join(tmpdir(), "crowd-")), "loadavg");
    const missing = new CpuContention(path);
    missing.sample();
    writeFileSync(path, "none\n");
    const strange = new CpuContention(path);
    strange.sample();
    expect([missing.take(), strange.take()]).toEqual([undefined, undefined]);
  });
});
