// Where artifacts lie, and that nodes share no storage.
// The scenarios are data in harness/spec/scenarios/steady.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("storage", {
  "STO-1": "an artifact lands on the local storage of the active node",
  "STO-2": "after a failover an artifact may be missing, and the answer says so",
  "STO-5": "nodes share no storage",
});
