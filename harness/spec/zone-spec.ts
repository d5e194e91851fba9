// What a zone is asked to be: tier, policies and the timers that make a failover safe. Plain data with defaults.
// The timers are explained in docs/decisions/0002-takeover.md; a seeded wrong zone is a patch over this object.

import type { SnapshotScope } from "./snapshot.ts";

export type Tier = "standard" | "critical";
/** What a node's data lie on: folders of its container, or file systems of its own that can lose power. */
export type StoreKind = "folder" | "ext4" | "xfs";
export const storeKinds: readonly StoreKind[] = ["folder", "ext4", "xfs"];
export type GateName = "vip" | "jetstream" | "quorum" | "storage" | "certificate" | "bind";
export const gateNames: readonly GateName[] = ["vip", "jetstream", "quorum", "storage", "certificate", "bind"];

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

export interface LeaseSpec {
  isEnabled: boolean;
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
  /** Of the facts. */
  replicas: number;
  /** Of what keeps the zone itself: lease and cursors. Three but in a seeded wrong zone of two voters. */
  ownReplicas: number;
  lease: LeaseSpec;
  /** Least time from the other node's last sign of being active to this node's controller start. */
  holdDownMs: number;
  /** Kernel lifetime of the VIP address, renewed while the node may serve; 0 leaves it permanent. */
  vipLifetimeS: number;
  vrrp: {
    advertS: number;
    /** Adverts a standby misses before it becomes MASTER. */
    downAdverts: number;
    /** Far apart: at a cold start their skews (1 s x (256 - priority) / 256) are all that puts alpha first. */
    priority: { alpha: number; beta: number };
    noPreempt: boolean;
    trackScript: "gate" | "healthz" | "none";
    /** Where adverts are sent. Only a seeded wrong zone says "zone". */
    segment: "control" | "zone";
    /** Only a seeded wrong zone sends them to the group. */
    isMulticast: boolean;
  };
  /** No peer answers with a NATS INFO line in `timeoutMs`, `misses` times `intervalMs` apart: quorum is out of reach. */
  reach: {
    intervalMs: number;
    timeoutMs: number;
    misses: number;
    /** Peers that must answer. One and oneself are a majority of three; only a seeded wrong zone asks for two. */
    peersMin: number;
  };
  certificate: { minDays: number; policy: "deny" | "warn" };
  /** Validity left in the server certificates that the zone starts with. */
  certificateLeftDays: number;
  /** What the endpoint speaks; only seeded wrong zones differ. */
  tls: {
    minVersion: TlsVersion;
    maxVersion: TlsVersion;
    /** Suites beside the approved ones, in OpenSSL's words. */
    extraCiphers: string;
    /** "asked": one is asked for and whatever comes is taken. */
    clientCertificate: "demanded" | "asked" | "ignored";
  };
  /** Gates that are not looked at. Always empty but in a seeded wrong zone. */
  uncheckedGates: GateName[];
  /** Server tag (a node's name) that streams are placed on; only a seeded wrong zone with one replica sets it. */
  placementTag: string | null;
  /** The servers know an operator, who alone may remove a server from the meta group. */
  hasOperator: boolean;
  /** What a snapshot of the zone holds; only a seeded wrong zone leaves something out. */
  snapshot: SnapshotScope;
  /** How long a repeated message id is recognised. Only a seeded wrong zone makes it shorter than a repeat is late. */
  duplicateWindowMs: number;
  /** The controller keeps confirmed cursors in the store; only in a seeded wrong zone does it keep them in its memory. */
  keepsCursors: boolean;
  /** Only in a seeded wrong zone: of the two content types of gRPC the endpoint knows the one that the harness's own client sends. */
  knowsOneGrpcType: boolean;
  /** A service node leaves the active role when its peer goes. Only a seeded wrong zone does that. */
  demotesWithoutPeer: boolean;
}

export const defaultZoneSpec: ZoneSpec = {
  zoneId: "plant-a-bsfg",
  tier: "standard",
  stores: "folder",
  replicas: 3,
  ownReplicas: 3,
  lease: { isEnabled: true, renewMs: 500, honourMs: 10_000, takeMs: 10_500 },
  holdDownMs: 6_000,
  vipLifetimeS: 3,
  vrrp: {
    advertS: 1,
    downAdverts: 4,
    priority: { alpha: 150, beta: 30 },
    noPreempt: true,
    trackScript: "gate",
    segment: "control",
    isMulticast: false,
  },
  reach: { intervalMs: 500, timeoutMs: 500, misses: 2, peersMin: 1 },
  certificate: { minDays: 30, policy: "deny" },
  certificateLeftDays: 365,
  tls: { minVersion: "TLSv1.2", maxVersion: "TLSv1.3", extraCiphers: "", clientCertificate: "demanded" },
  uncheckedGates: [],
  placementTag: null,
  hasOperator: false,
  duplicateWindowMs: 3_600_000,
  keepsCursors: true,
  knowsOneGrpcType: false,
  snapshot: { streams: ["cursors", "facts_operational", "facts_audit"], hasConsumers: true },
  demotesWithoutPeer: false,
};
