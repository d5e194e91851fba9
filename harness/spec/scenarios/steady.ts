// Scenarios that inspect a zone rather than break it: its parts, its connections, its files. One inspects a healthy
// zone, one a zone during a failover. Each decides entries of several sections. Data only.

import { controlInterfaces, nodeNames, zoneInterfaces } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import { always, inspection } from "./parts.ts";

/** Together with the steps before and after: time for three adverts. */
const captureMs = 2_000;
const artifact = "steady";

const look = (
  "ROLE-1 ROLE-2 ROLE-3 ROLE-4 NET-2 NET-3 NET-4 NET-5 STO-1 STO-5 STO-6 " +
  "DUR-1 DUR-2 DUR-3 INV-1 INV-2 INV-4 INV-5 INV-6"
).split(" ");

const steadyLook: ScenarioSpec = {
  name: "steady-look",
  suite: "network",
  entries: [...look, ...always],
  provokes: look,
  steps: [
    inspection,
    { step: "capture", at: [...controlInterfaces, ...zoneInterfaces] },
    // The route port answers. So it is the node that refuses the other ports, not the network on the way.
    {
      step: "attempt",
      from: ["client", ...nodeNames],
      ports: ["natsClient", "natsMonitor", "natsCluster"],
    },
    { step: "put-artifact", name: artifact },
    { step: "get-artifact", name: artifact },
    { step: "hold", ms: captureMs },
    { step: "end-capture" },
    { step: "files", nodes: ["alpha", "beta"] },
    { step: "search", name: artifact },
    { step: "mark-storage" },
    { step: "read-gates", node: "alpha" },
    inspection,
  ],
};

const throughFailover = ["ROLE-2", "ROLE-4", "NET-5", "STO-2", "STO-5", "INV-1", "INV-3", "INV-4", "INV-5"];

/** Between the fault and Beta's first answer the harness does nothing. */
const steadyFailover: ScenarioSpec = {
  name: "steady-failover",
  suite: "invariants",
  entries: [...throughFailover, ...always],
  provokes: throughFailover,
  steps: [
    inspection,
    { step: "read-gates", node: "alpha" },
    { step: "put-artifact", name: artifact },
    { step: "files", nodes: ["alpha", "beta"] },
    { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" },
    { step: "await-answer", node: "beta", deadlineMs: 40_000 },
    { step: "read-back" },
    { step: "get-artifact", name: artifact },
    { step: "files", nodes: ["beta"] },
    { step: "read-gates", node: "beta" },
    inspection,
    { step: "hold", ms: 1_000 },
    { step: "repair", nodes: ["alpha"] },
    { step: "await-rejoin", node: "alpha", deadlineMs: 60_000 },
    inspection,
    { step: "files", nodes: ["alpha", "beta"] },
    { step: "hold", ms: 1_000 },
  ],
};

/** By the sections whose entries they decide. */
export const steadyScenarios: Record<"roles" | "network" | "storage" | "invariants", readonly ScenarioSpec[]> = {
  roles: [steadyLook, steadyFailover],
  network: [steadyLook, steadyFailover],
  storage: [steadyLook, steadyFailover],
  invariants: [steadyFailover, steadyLook],
};
