// Where artifacts lie, that nodes share no storage, and what crosses between two zones.
// The scenarios are data in harness/spec/scenarios/steady.ts and pairs.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("storage", {
  "STO-1": "an artifact lands on the local storage of the active node",
  "STO-2": "after a failover an artifact may be missing, and the answer says so",
  "STO-3": "facts and artifacts cross between two zones by the BSFG RPC only, and each once",
  "STO-4": "an artifact that a failover lost comes back from the peer zone",
  "STO-5": "nodes share no storage",
});
