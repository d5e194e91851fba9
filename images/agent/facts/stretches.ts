// Turns numbers into stretches without gaps. Pure.

import type { Stretches } from "#protocol/commands/client.ts";

/** In ascending order, each number once. */
export function stretchesOf(numbers: Iterable<number>): Stretches {
  const stretches: Stretches = [];
  for (const number of Float64Array.from(numbers).sort()) {
    const last = stretches.at(-1);
    if (last && number <= last[1] + 1) last[1] = Math.max(last[1], number);
    else stretches.push([number, number]);
  }
  return stretches;
}
