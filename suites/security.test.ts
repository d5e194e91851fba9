// What the endpoint speaks and with whom, and where VRRP can be seen and believed. The scenarios are data in
// harness/spec/scenarios/security.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("security", {
  "SEC-1": "TLS below 1.2 is refused",
  "SEC-2": "TLS 1.3 is chosen when both sides offer it",
  "SEC-3": "no certificate, a foreign CA, an expired one and a wrong identity are each refused",
  "SEC-4": "the endpoint agrees on no suite outside Mozilla Intermediate",
  "SEC-5": "an expiry inside 30 days raises an alert, and rotation costs at most one failover a node",
  "SEC-6": "no VRRP packet is visible outside the control segment",
  "SEC-7": "VRRP peers are unicast",
  "SEC-8": "VRRP forged from the zone segment changes nothing",
  "NET-1": "the endpoint is on the VIP and demands mutual TLS",
  "DUAL-0": "two controllers are never active at the same instant",
  "DUR-6": "no acknowledged fact is lost when any single node is lost",
});
