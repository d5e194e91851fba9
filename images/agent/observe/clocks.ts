// The offset between CLOCK_BOOTTIME, in which the kernel gives process starts, and CLOCK_MONOTONIC, in which events are
// stamped.

import { readFileSync } from "node:fs";
import { nowNs } from "#base/clock.ts";

/** /proc/uptime steps by 10 ms. Reading for 40 ms sees a step. */
const readingMaxNs = 40_000_000;

/** BOOTTIME minus MONOTONIC in ns. Accurate to well under a millisecond when a step is seen. */
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
