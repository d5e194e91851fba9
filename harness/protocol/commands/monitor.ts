// What the monitor role is asked once a second, and what one sample holds. Types only.

import type { NodeName } from "#spec/node.ts";
import type { CertificateFiles } from "./client.ts";
import type { Command } from "./command.ts";

/** Where to call Health, and with which certificates. Replaces the previous settings. */
export interface MonitorRequest {
  vip: string;
  rpcPort: number;
  /** Name that the server's certificate must carry. */
  serverName: string;
  certificates: CertificateFiles;
  /** Server certificates by SHA-256 fingerprint, as in LoadRequest. */
  fingerprints: Record<string, NodeName>;
}

/** One sample of everything. A part that does not answer is given up after `timeoutMs`. */
export interface SampleRequest {
  /** A node that is missing here is down. */
  pids: Partial<Record<NodeName, number>>;
  /** Nodes that have a server certificate. */
  certificateOn: NodeName[];
  /** Nodes on which a write to artifact storage is tried. */
  storageOn: NodeName[];
  /** Also samples the exchange with the peer zone, through this node's server. Absent in a zone without a peer. */
  exchange?: { pid: number; peerZoneId: string };
  timeoutMs: number;
}

/** A server's answers on its own loopback. */
export interface ServerSample {
  /** Why there is no answer. The other fields are absent then. */
  error?: string;
  isHealthy?: boolean;
  /** What /healthz says about a server that is not healthy. */
  why?: string;
  /** Leader of the meta group. */
  leader?: string | null;
  /** The other voters of the meta group. Only its leader gives them. */
  voters?: { name: string; isOnline: boolean; silentMs: number }[];
}

export interface CertificateSample {
  error?: string;
  leftDays?: number;
}

/** Facts of this zone that the peer zone has not confirmed. */
export interface ExchangeSample {
  error?: string;
  /** Age of the oldest; 0 without any. */
  lagMs?: number;
  /** Their number, counted only when the oldest is older than a second. */
  facts?: number;
}

/** The answer of Health through the VIP. */
export interface HealthSample {
  error?: string;
  /** The node whose certificate answered; null for an unknown certificate. */
  node?: NodeName | null;
  isActive?: boolean;
  /** The node offers no way to ask. */
  isAsked?: false;
  closedGates?: string[];
  /** Days left of the certificate that it presented. */
  leftDays?: number;
}

export interface MonitorSample {
  /** The sample was taken in [sinceNs, t], CLOCK_MONOTONIC ns. */
  sinceNs: number;
  t: number;
  servers: Partial<Record<NodeName, ServerSample>>;
  certificates: Partial<Record<NodeName, CertificateSample>>;
  /** Number of controller processes on a node. */
  controllers: Partial<Record<NodeName, number>>;
  /** errno of the write, "written", or "silent" when the kernel did not answer in time. */
  storage: Partial<Record<NodeName, string>>;
  health: HealthSample;
  exchange?: ExchangeSample;
}

export interface MonitorCommands {
  monitor: Command<"monitor", MonitorRequest, void>;
  sample: Command<"monitor", SampleRequest, MonitorSample>;
}
