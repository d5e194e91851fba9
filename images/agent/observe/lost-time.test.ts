// Stolen time and waits for a disk, from files in the kernel's format.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { LostTime } from "./lost-time.ts";

const folder = mkdtempSync(join(tmpdir(), "lost-time-"));
const files = { stat: join(folder, "stat"), pressure: join(folder, "io") };

/** The kernel's counts: stolen ticks of all ticks, and microseconds of waiting. */
function kernel(stolen: number, all: number, waitUs: number): void {
  writeFileSync(files.stat, `cpu  ${all - stolen} 0 0 0 0 0 0 ${stolen} 0 0\nintr 12\n`);
  const full = "full avg10=0.00 avg60=0.00 avg300=0.00 total=7";
  writeFileSync(files.pressure, `some avg10=0.00 avg60=0.00 avg300=0.00 total=${waitUs}\n${full}\n`);
}

describe("lost time", () => {
  it("is the share since the last call", () => {
    kernel(10, 1_000, 500_000);
    const lost = new LostTime(files);
    expect(lost.take(1e9)).toEqual({});
    kernel(60, 1_200, 1_400_000);
    expect(lost.take(2e9)).toEqual({ stolenShare: 0.25, diskWaitShare: 0.9 });
    kernel(60, 1_400, 1_400_000);
    expect(lost.take(3e9)).toEqual({ stolenShare: 0, diskWaitShare: 0 });
  });

  it("is never more than all of it", () => {
    kernel(0, 1_000, 0);
    const lost = new LostTime(files);
    lost.take(1e9);
    kernel(0, 1_100, 2_000_000);
    expect(lost.take(2e9)).toEqual({ stolenShare: 0, diskWaitShare: 1 });
  });

  it("leaves out what the kernel does not say", () => {
    kernel(0, 1_000, 0);
    const lost = new LostTime({ stat: files.stat, pressure: join(folder, "none") });
    lost.take(1e9);
    kernel(100, 1_100, 0);
    expect(lost.take(2e9)).toEqual({ stolenShare: 1 });
  });
});
