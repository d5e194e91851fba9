// Three scenarios of the monitors as a correct zone and correct monitors would live them, and the cases bent from them.

import type { MonitorEvent } from "#history/event.ts";
import { type MonitorName, monitorsOf } from "#spec/monitor.ts";
import { atNs, HistoryBuilder } from "./builder.ts";

/** When a monitor turns what; the times in seconds. */
type Turns = Partial<Record<MonitorName, [number, MonitorEvent["state"]][]>>;

function tell(builder: HistoryBuilder, turns: Turns): HistoryBuilder {
  for (const monitor of monitorsOf({ hasPeer: turns["MON-11"] !== undefined }))
    for (const [s, state] of [[7, "green"] as [number, "green"], ...(turns[monitor] ?? [])])
      builder.add({ t: atNs(s), type: "monitor", monitor, state, why: `told at ${s} s` });
  return builder;
}

function opening(scenario: string): HistoryBuilder {
  const builder = new HistoryBuilder(scenario, ["MON-1", "DUAL-0", "DUR-6"]);
  return builder
    .mark(0, "zone-created")
    .allUp(0.5)
    .promote(1.5, "alpha")
    .mark(5, "zone-ready")
    .mark(6, "load-started")
    .mark(10, "steady");
}

function ending(builder: HistoryBuilder, atS: number): HistoryBuilder {
  builder
    .streams(atS - 1)
    .mark(atS, "load-stopped")
    .looks(1, atS);
  return builder.audit(atS + 2);
}

/** Cut off from the peer zone for longer than it may lag. */
export function exchangeStory(): HistoryBuilder {
  const builder = opening("peer-zones");
  const detail = { segments: ["peer"] };
  builder.fault({ fault: "cut", nodes: ["alpha"], effectS: 14, healS: 30, detail });
  tell(builder, {
    "MON-11": [
      [25.2, "red"],
      [33, "green"],
    ],
  });
  builder.load({ fromS: 6, toS: 44 }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  return ending(builder, 44);
}

/** A bad certificate, a second controller on beta, a controller that is frozen: none moves the VIP. */
export function serviceStory(): HistoryBuilder {
  const builder = opening("monitors-service");
  builder.fault({ fault: "certificate", nodes: ["beta"], effectS: 14, healS: 18, way: "short" });
  builder.fault({ fault: "stray-controller", nodes: ["beta"], effectS: 20, healS: 26 });
  builder.observe(20, "beta", { listens: ["0.0.0.0:9443"] }).observe(26, "beta", { listens: [] });
  builder.fault({ fault: "process-freeze", nodes: ["alpha"], effectS: 30, healS: 36 });
  addDetail(builder, "process-freeze", { process: "controller" });
  tell(builder, {
    "MON-3": [
      [33, "red"],
      [37, "green"],
    ],
    "MON-4": [
      [20.001, "red"],
      [26.001, "green"],
    ],
    "MON-5": [
      [23, "red"],
      [26.5, "green"],
    ],
    "MON-10": [
      [14.7, "red"],
      [18.6, "green"],
    ],
  });
  builder.load({ fromS: 6, toS: 42 }, [
    { fromS: 0, toS: 29.9, node: "alpha" },
    { fromS: 36, toS: 99, node: "alpha" },
  ]);
  return ending(builder, 42);
}

/** Alpha's storage goes at 14 and beta takes over; beta's goes at 27, and the second failover is churn until 45. */
export function rolesStory(): HistoryBuilder {
  const builder = opening("monitors-roles");
  builder.mark(13.9, "provoked", { expectsFailover: true, from: "alpha", to: "beta" });
  builder.fault({ fault: "storage", nodes: ["alpha"], effectS: 14, healS: 24 });
  builder.demote(14.9, "alpha", "FAULT").promote(16, "beta").observe(25, "alpha", { role: "BACKUP" });
  builder.mark(26.9, "provoked", { expectsFailover: true, from: "beta", to: "alpha" });
  builder.fault({ fault: "storage", nodes: ["beta"], effectS: 27, healS: 29 });
  builder.demote(27.9, "beta", "FAULT").promote(29, "alpha").observe(30, "beta", { role: "BACKUP" });
  tell(builder, {
    "MON-1": [
      [14.9, "red"],
      [23.4, "green"],
      [27.9, "red"],
      [36.4, "green"],
    ],
    "MON-2": [
      [30, "red"],
      [45.5, "green"],
    ],
    "MON-3": [
      [17, "red"],
      [18.5, "green"],
      [30, "red"],
      [31.5, "green"],
    ],
    "MON-4": [
      [14.9, "gone"],
      [18.3, "green"],
      [27.9, "gone"],
      [31.3, "green"],
    ],
    "MON-9": [
      [14.6, "red"],
      [23.5, "green"],
      [27.6, "red"],
      [29.6, "green"],
    ],
  });
  builder.load({ fromS: 6, toS: 48 }, [
    { fromS: 0, toS: 14.9, node: "alpha" },
    { fromS: 18.4, toS: 27.9, node: "beta" },
    { fromS: 31.4, toS: 99, node: "alpha" },
  ]);
  return ending(builder, 48);
}

/** Gamma's server is down, or frozen, from 14 to 18; gamma is killed at 24 and beta at 28, and both are back at 32. */
export function serversStory(fault: "service-down" | "process-freeze" = "service-down"): HistoryBuilder {
  const builder = opening("monitors-servers");
  builder.fault({ fault, nodes: ["gamma"], effectS: 14, healS: 18 });
  addDetail(builder, fault, fault === "service-down" ? { service: "nats-server" } : { process: "nats-server" });
  builder.mark(20, "recovered", { node: "gamma" });
  builder.fault({ fault: "kill", nodes: ["gamma"], effectS: 24, healS: 32 });
  builder.fault({ fault: "kill", nodes: ["beta"], effectS: 28, healS: 32.5 });
  builder.vanish(24, "gamma").vanish(28, "beta").demote(30, "alpha", "FAULT");
  builder.rejoin(32, "gamma").rejoin(32.5, "beta").promote(36, "alpha");
  builder.mark(40, "recovered", { node: "gamma" }).mark(40.1, "recovered", { node: "beta" });
  tell(builder, {
    "MON-1": [
      [30, "red"],
      [38.4, "green"],
    ],
    "MON-3": [
      [32, "red"],
      [39, "green"],
    ],
    "MON-4": [
      [30, "gone"],
      [38.3, "green"],
    ],
    "MON-5": [
      [24, "gone"],
      [33, "green"],
    ],
    "MON-6": [
      [17, "red"],
      [19, "green"],
      [24, "gone"],
      [39, "green"],
    ],
    "MON-7": [
      [26.5, "red"],
      [39, "green"],
    ],
    "MON-8": [
      [31, "red"],
      [38, "green"],
    ],
    "MON-10": [
      [28, "gone"],
      [33.5, "green"],
    ],
  });
  builder.load({ fromS: 6, toS: 48 }, [
    { fromS: 0, toS: 28, node: "alpha" },
    { fromS: 38.4, toS: 99, node: "alpha" },
  ]);
  return ending(builder, 48);
}

function addDetail(builder: HistoryBuilder, fault: string, detail: Record<string, unknown>): void {
  builder.events = builder.events.map((event) =>
    event.type === "fault" && event.fault === fault && event.phase === "intended" ? { ...event, detail } : event,
  );
}
