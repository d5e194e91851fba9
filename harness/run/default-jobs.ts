// How many zones run side by side at most without --jobs. concurrency-limiter.ts finds out how many the machine
// carries.

import { availableParallelism } from "node:os";

/** For each core. A steady zone uses about a tenth of a core; a starting zone uses one for several seconds. */
const zonesPerCore = 2.5;
const jobsMax = 16;

export function defaultJobs(): number {
  return Math.min(jobsMax, Math.max(1, Math.floor(zonesPerCore * availableParallelism())));
}
