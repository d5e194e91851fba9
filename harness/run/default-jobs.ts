// How many zones are tried side by side where nobody says how many; room.ts finds out how many of them the machine carries.

import { availableParallelism } from "node:os";

/** Zones a core: a steady zone takes about a tenth of one, a starting zone several seconds of one. */
const zonesPerCore = 2.5;
const jobsMax = 16;

export function defaultJobs(): number {
  return Math.min(jobsMax, Math.max(1, Math.floor(zonesPerCore * availableParallelism())));
}
