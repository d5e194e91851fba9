// What comes back after a loss: a node without its store, a new node, a zone from its snapshot.
// Scenarios: harness/spec/scenarios/recovery.ts and pairs.ts.

import { claims } from "../harness/index.ts";

claims("recovery", [
  "REC-1 disk-replaced",
  "REC-2 node-rebuilt",
  "REC-3 snapshot-restored",
  "REC-4 zone-rebuilt",
  "REC-5 no-point-in-time",
  "STO-7 artifact-back-from-backup",
]);
