// What the endpoint speaks and with which clients, where VRRP is visible, and what forged VRRP changes.
// Scenarios: harness/spec/scenarios/security.ts.

import { claims } from "../harness/index.ts";

claims("security", [
  "SEC-1 old-tls-refused",
  "SEC-2 newest-tls-chosen",
  "SEC-3 bad-certificates-refused",
  "SEC-4 approved-cipher-suites",
  "SEC-5 expiry-alert-and-rotation",
  "SEC-6 vrrp-never-leaks",
  "SEC-7 vrrp-is-unicast",
  "SEC-8 forged-vrrp-ignored",
  "SEC-9 foreign-control-vrrp-ignored",
  "SEC-10 forged-peer-never-splits",
  "SEC-11 ssl-refused",
  "SEC-12 foreign-callers-refused",
  "NET-1 endpoint-demands-mtls",
  "DUAL-0 never-dual-active",
  "DUR-6 one-loss-keeps-facts",
]);
