// Figures of speed, memory and resolution, as ratios against a floor measured in the same run. Not a test: nothing here
// passes or fails.

import type { Answer, BenchOptions, RunContext } from "./deps.ts";

export async function bench(_options: BenchOptions, _context: RunContext): Promise<Answer> {
  return { summary: "", data: {} };
}
