// What a zone is asked to be: tier, policies and the timers that make a failover safe. Plain data with defaults.
// The timers are explained in docs/decisions/0002-takeover.md; a mutant may set wrong values.

import type { SnapshotScope } from "./snapshot.ts";

export type Tier = "standard" | "critical";
/** What a node's data lie on: folders of its container, or file systems of its own that can lose power. */
export type StoreKind = "folder" | "ext4" | "xfs";
export const storeKinds: readonly StoreKind[] = ["folder", "ext4", "xfs"];
export type GateName = "vip" | "jetstream" | "quorum" | "storage" | "certificate" | "bind";
export const gateNames: readonly GateName[] = ["vip", "jetstream", "quorum", "storage", "certificate", "bind"];

export interface LeaseSpec {
  /** The holder renews this often, by compare-and-set. */
  renewMs: number;
  /** The holder honours a renewal this long, counted from before it was sent. */
  honourMs: number;
  /** A taker waits until it has seen the same revision this long. Must exceed `honourMs`. */
  takeMs: number;
}

export interface ZoneSpec {
  zoneId: string;
  tier: Tier;
  stores: StoreKind;
  lease: LeaseSpec;
  /** Least time from the other node's last sign of being active to this node's controller start. */
  holdDownMs: number;
  /** Kernel lifetime of the VIP address, renewed while the node may serve. */
  vipLifetimeS: number;
  vrrp: {
    advertS: number;
    /** Adverts a standby misses before it becomes MASTER. */
    downAdverts: number;
    /** Far apart: at a cold start their skews (1 s x (256 - priority) / 256) are all that puts alpha first. */
    priority: { alpha: number; beta: number };
  };
  /** No peer answers with a NATS INFO line in `timeoutMs`, `misses` times `intervalMs` apart: quorum is out of reach. */
  reach: {
    intervalMs: number;
    timeoutMs: number;
    misses: number;
  };
  certificate: { minDays: number; policy: "deny" | "warn" };
  /** Validity left in the server certificates that the zone starts with. */
  certificateLeftDays: number;
  /** The servers know an operator, who alone may remove a server from the meta group. */
  hasOperator: boolean;
  /** What a snapshot of the zone holds. */
  snapshot: SnapshotScope;
  /** How long a repeated message id is recognised; longer than any retry is late. */
  duplicateWindowMs: number;
}

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
  duplicateWindowMs: 3_600_000,
  snapshot: { streams: ["cursors", "facts_operational", "facts_audit"], hasConsumers: true },
};
