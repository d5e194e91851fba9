// The settings of a zone: tier, policies and the timers that make a failover safe. Plain data with defaults.
// docs/decisions/0002-takeover.md explains the timers. A mutant may set wrong values.

import type { SnapshotScope } from "./snapshot.ts";

export type Tier = "standard" | "critical";
/** Where a node keeps its data: in folders of its container, or on file systems of its own that can lose power. */
export type StoreKind = "folder" | "ext4" | "xfs";
export const storeKinds: readonly StoreKind[] = ["folder", "ext4", "xfs"];
export type GateName = "vip" | "jetstream" | "quorum" | "storage" | "certificate" | "bind";
export const gateNames: readonly GateName[] = ["vip", "jetstream", "quorum", "storage", "certificate", "bind"];

export interface LeaseSpec {
  /** The holder renews the lease this often, by compare-and-set. */
  renewMs: number;
  /** The holder relies on a renewal for this long, counted from before it was sent. */
  honourMs: number;
  /** Another node takes the lease after it saw the same revision for this long. Must exceed `honourMs`. */
  takeMs: number;
}

export interface ZoneSpec {
  zoneId: string;
  tier: Tier;
  stores: StoreKind;
  lease: LeaseSpec;
  /** Least time from the last sign that the other node is active to the start of this node's controller. */
  holdDownMs: number;
  /** Lifetime of the VIP address in the kernel. It is renewed while the node may serve. */
  vipLifetimeS: number;
  vrrp: {
    advertS: number;
    /** Adverts a standby misses before it becomes MASTER. */
    downAdverts: number;
    /**
     * VRRP waits (256 - priority) / 256 s longer on a node of low priority. Only this lets alpha win a cold start, so
     * the two priorities are far apart.
     */
    priority: { alpha: number; beta: number };
  };
  /** Quorum is out of reach when no other server sent a NATS INFO line within `timeoutMs`, `misses` times in a row. */
  reach: {
    intervalMs: number;
    timeoutMs: number;
    misses: number;
  };
  certificate: { minDays: number; policy: "deny" | "warn" };
  /** Validity left in the server certificates that the zone starts with. */
  certificateLeftDays: number;
  /** The servers have an operator's account. Only it may remove a server from the meta group. */
  hasOperator: boolean;
  /** What a snapshot of the zone holds. */
  snapshot: SnapshotScope;
  /** How long JetStream recognises a repeated message id. No retry comes later than this. */
  duplicateWindowMs: number;
}

/**
 * The pattern gives no figure. A client that lost its answer in the longest outage of a zone, a peer zone that was cut
 * off for a shift, and the load's own repeats after minutes all come within an hour.
 */
export const duplicateWindowMinMs = 3_600_000;

export const defaultZoneSpec: ZoneSpec = {
  zoneId: "plant-a-bsfg",
  tier: "standard",
  stores: "folder",
  lease: { renewMs: 500, honourMs: 10_000, takeMs: 10_500 },
  holdDownMs: 6_000,
  vipLifetimeS: 3,
  vrrp: {
    advertS: 1,
    downAdverts: 4,
    priority: { alpha: 150, beta: 30 },
  },
  reach: { intervalMs: 500, timeoutMs: 500, misses: 2 },
  certificate: { minDays: 30, policy: "deny" },
  certificateLeftDays: 365,
  hasOperator: false,
  duplicateWindowMs: duplicateWindowMinMs,
  snapshot: { streams: ["cursors", "facts_operational", "facts_audit"], hasConsumers: true },
};
