// The monitors: green over a zone that is well, red in time when their condition comes about, green again in time after
// it. The scenarios are data in harness/spec/scenarios/monitoring.ts and pairs.ts.

import { claims } from "../harness/index.ts";

claims("monitoring", {
  "MON-1": "the VIP away from the expected node is told, until another node has held and served it",
  "MON-2": "more than five role transitions in 30 s are told",
  "MON-3": "a controller that does not answer healthy on the VIP is told",
  "MON-4": "a listener on another address than the VIP is told",
  "MON-5": "a controller on beta or gamma without the VIP is told",
  "MON-6": "a local server that is not healthy is told, and a node that is gone is never green",
  "MON-7": "a voter that is not visible is told",
  "MON-8": "a quorum that nobody but a lone server could confirm is told",
  "MON-9": "storage that the active node cannot write is told",
  "MON-10": "a certificate near its expiry is told",
  "MON-11": "a peer zone that lags is told",
  "DUAL-0": "two controllers are never active at the same instant",
  "DUR-6": "no acknowledged fact is lost when any single node is lost",
});
