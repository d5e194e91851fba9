// What the agent's monitor role is asked once a second, and what one look brings back. Types only.

import type { NodeName } from "#spec/node.ts";
import type { CertificateFiles } from "./client.ts";
import type { Command } from "./command.ts";

/** Monitor: whom to ask for health, and with which certificates. Replaces what was set before. */
export interface MonitorRequest {
  vip: string;
  rpcPort: number;
  /** Name the server's certificate must carry. */
  serverName: string;
  certificates: CertificateFiles;
  /** Server certificates by SHA-256 fingerprint, as in LoadRequest. */
  fingerprints: Record<string, NodeName>;
}

/** Monitor: one look at everything. Replies MonitorSample; every part answers or is given up after `timeoutMs`. */
export interface SampleRequest {
  /** A node absent here is down. */
  pids: Partial<Record<NodeName, number>>;
  /** Nodes that hold a certificate. */
  certificateOn: NodeName[];
  /** Where a write to artifact storage is tried. */
  storageOn: NodeName[];
  /** How far the peer zone is, asked of this node's server; absent in a zone without a peer. */
  exchange?: { pid: number; peerZoneId: string };
  timeoutMs: number;
}

/** A server as it answers on its own loopback. */
export interface ServerSample {
  /** Why there is no answer; the other fields are absent then. */
  error?: string;
  isHealthy?: boolean;
  /** What /healthz says when it is not well. */
  why?: string;
  /** Of the meta group. */
  leader?: string | null;
  /** Told by the leader alone: the others of the group. */
  voters?: { name: string; isOnline: boolean; silentMs: number }[];
}

export interface CertificateSample {
  error?: string;
  leftDays?: number;
}

/** What the peer zone has not confirmed of the facts that are here. */
export interface ExchangeSample {
  error?: string;
  /** Age of the oldest; 0 when there is none. */
  lagMs?: number;
  /** How many; counted where the oldest is older than a second. */
  facts?: number;
}

/** The answer of Health through the VIP. */
export interface HealthSample {
  error?: string;
  /** Whose certificate answered. */
  node?: NodeName | null;
  isActive?: boolean;
  closedGates?: string[];
  /** Days left of the certificate that was served. */
  leftDays?: number;
}

export interface MonitorSample {
  /** CLOCK_MONOTONIC ns: the look lies in [sinceNs, t]. */
  sinceNs: number;
  t: number;
  servers: Partial<Record<NodeName, ServerSample>>;
  certificates: Partial<Record<NodeName, CertificateSample>>;
  /** Processes of a node that answer to "controller". */
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
