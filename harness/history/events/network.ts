// Events of what is seen on the network, or tried from it. Types only.

import type { NodeName, Segment } from "#spec/node.ts";
import type { GateReading } from "./inspection.ts";

/** A host on the network: a node, or the client host. */
export type HostName = NodeName | "client";

/** A VRRP advertisement seen in a host's network namespace. */
export interface VrrpEvent {
  t: number;
  type: "vrrp";
  seenBy: HostName;
  segment: Segment;
  source: string;
  destination: string;
  priority: number;
  /** Sent by the harness in a frame with a MAC of no node, whatever its source says. */
  isForged?: true;
}

/** A capture began or ended. Only packets that it saw prove that it would have seen others. */
export interface CaptureEvent {
  t: number;
  type: "capture";
  phase: "began" | "ended";
  seenBy: HostName;
  segment: Segment;
  /** ended: packets of any kind that it saw. */
  packets?: number;
}

/** Traffic on a segment by its two ends, as it passed the interface of one node during a capture. */
export interface FlowsEvent {
  t: number;
  type: "flows";
  seenBy: HostName;
  segment: Segment;
  /** E.g. {from: "198.18.0.10:43210", to: "198.18.2.10:9443"}; without a port where the protocol has none. */
  pairs: { protocol: string; from: string; to: string; packets: number }[];
}

/** A TCP connection tried from a host to an address. Nothing is sent. */
export interface AttemptEvent {
  t: number;
  type: "attempt";
  from: HostName;
  /** address:port. */
  target: string;
  outcome: "connected" | "refused" | "unreachable" | "timeout";
}

/** A bind tried inside a node's network namespace: does its kernel let a program use that address? */
export interface BindEvent {
  t: number;
  type: "bind";
  node: NodeName;
  /** address:port. */
  target: string;
  /** "bound", or the kernel's error by name, e.g. "EADDRNOTAVAIL". */
  outcome: string;
}

export type HelloKind = "TLSv1.2" | "SSLv3" | "SSLv3 in an SSLv2 hello" | "SSLv2";

/** A client hello written by hand, sent from the client host, and what came back. No handshake follows. */
export interface HelloEvent {
  t: number;
  type: "hello";
  target: string;
  offered: HelloKind;
  /** "closed": the connection ended without an alert. "silent": no answer in time. */
  answer: "server-hello" | "alert" | "closed" | "silent" | "other" | "unreachable";
  /** server-hello: the version that it agrees to. */
  version?: string;
}

/**
 * A TLS handshake tried from the client host, and one RPC over it: a TLS 1.3 client learns only then that it is
 * refused.
 */
export interface HandshakeEvent {
  t: number;
  type: "handshake";
  /** The row of the matrix, e.g. "version TLSv1.1". */
  row: string;
  target: string;
  /** `fromZone`: the RPC was an AppendFact in the name of that zone. `call`: it was that one. Neither: Health. */
  offered: { versions: [string, string]; ciphers?: string; certificate: string; fromZone?: string; call?: string };
  /**
   * not-offerable: a permissive server on the client host's loopback did not see it offered either, so the target was
   * not asked. unreachable: no connection, or an answer that is neither.
   */
  outcome: "served" | "refused" | "unreachable" | "not-offerable";
  /** What both sides agreed on, if they did. */
  version?: string;
  cipher?: string;
  /** refused: alert or RPC code. */
  error?: string;
  /** The certificate that the server showed. */
  server?: { fingerprint: string; leftDays: number };
  /** served: what the health answer said of its certificate gate. */
  certificateGate?: GateReading;
}
