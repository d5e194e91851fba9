// How far CLOCK_BOOTTIME, which process starts are given in, is ahead of CLOCK_MONOTONIC, which events are given in.

import { readFileSync } from "node:fs";
import { nowNs } from "#base/clock.ts";

/** /proc/uptime steps by 10 ms; 40 ms of reading is bound to see a step. */
const readingMaxNs = 40_000_000;

/** BOOTTIME minus MONOTONIC in ns, to well under a millisecond when the step is seen. */
export function measureBootOffsetNs(): number {
  const uptimeNs = () => Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]) * 1e9;
  const startNs = nowNs();
  const first = uptimeNs();
  for (;;) {
    const uptime = uptimeNs();
    const now = nowNs();
    if (uptime !== first || now - startNs > readingMaxNs) return uptime - now;
  }
}
