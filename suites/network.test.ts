// The network of a zone: listeners, connections, the VRRP segment and the place of the VIP.
// Scenarios: harness/spec/scenarios/steady.ts.

import { claims } from "../harness/index.ts";

claims("network", [
  "NET-2 nats-loopback-only",
  "NET-3 full-route-mesh",
  "NET-4 vrrp-on-control-only",
  "NET-5 vip-on-active-only",
]);
