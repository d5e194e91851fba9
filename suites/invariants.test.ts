// The invariants of the pattern and what they rest on, looked at while all is well and through a failover.
// The scenarios are data in harness/spec/scenarios/steady.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("invariants", {
  "DUR-1": "every stream has three replicas",
  "DUR-2": "what a consumer has confirmed is kept in three replicas",
  "DUR-3": "the cluster has exactly three voters",
  "INV-1": "there is no shared storage",
  "INV-2": "there is no Kubernetes and no distributed scheduler",
  "INV-3": "when a single node fails, messages stay durable without an operator",
  "INV-4": "leadership is tied to VIP ownership and local gates",
  "INV-5": "durable message state is quorum-backed",
  "INV-6": "artifacts stay outside the durable middleware",
});
