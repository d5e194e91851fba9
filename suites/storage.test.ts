// Where artifacts are stored, that nodes share no storage, and what crosses between two zones.
// Scenarios: harness/spec/scenarios/steady.ts and pairs.ts.

import { claims } from "../harness/index.ts";

claims("storage", [
  "STO-1 artifact-stored-locally",
  "STO-2 artifacts-not-replicated",
  "STO-3 exchange-by-rpc-only",
  "STO-4 artifact-back-from-peer",
  "STO-5 no-shared-storage",
  "STO-6 writes-stay-local",
]);
