// What comes back after a loss: a node without its store, a node made anew, a zone from its snapshot.
// The scenarios are data in harness/spec/scenarios/recovery.ts and pairs.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("recovery", {
  "REC-1": "a node whose disk was replaced rejoins and catches up",
  "REC-2": "a lost node is rebuilt from its peers",
  "REC-3": "a clean snapshot restored into a new cluster undoes logical corruption",
  "REC-4": "a whole lost zone is rebuilt from its retained snapshot and its peer",
  "REC-5": "there is no point-in-time recovery, and nothing claims it",
});
