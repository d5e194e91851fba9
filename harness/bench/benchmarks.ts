// Every benchmark by its name on the command line. A benchmark without an implementation does not compile.

import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { BenchmarkName, BenchmarkOptions } from "#api/run-options.ts";
import { benchChecker } from "./checker.ts";
import { benchExchange } from "./exchange.ts";
import { benchFinishedRun } from "./finished-run.ts";
import { benchParallelZones } from "./parallel-zones.ts";
import { benchPause } from "./pause.ts";
import { benchZone } from "./zone.ts";

type Benchmark<Name extends BenchmarkName> = (
  options: BenchmarkOptions[Name],
  context: RunContext,
) => Answer | Promise<Answer>;

const benchmarks: { [Name in BenchmarkName]: Benchmark<Name> } = {
  zone: benchZone,
  run: benchFinishedRun,
  parallel: benchParallelZones,
  exchange: benchExchange,
  checker: benchChecker,
  pause: benchPause,
};

export async function benchmark<Name extends BenchmarkName>(
  name: Name,
  options: BenchmarkOptions[Name],
  context: RunContext,
): Promise<Answer> {
  return benchmarks[name](options, context);
}
