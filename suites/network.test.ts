// The network of a zone: who listens where, who is connected to whom, where VRRP runs and where the VIP is.
// The scenarios are data in harness/spec/scenarios/steady.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("network", {
  "NET-2": "client and monitoring ports answer on loopback only, and the controller uses its own server",
  "NET-3": "the servers form a full mesh of the three node addresses",
  "NET-4": "VRRP runs between Alpha and Beta alone, on the control segment",
  "NET-5": "the VIP is on the active node and nowhere else",
});
