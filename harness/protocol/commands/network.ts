// What the actuator does to a node's network, and what it captures there. Types only.

import type { HostName } from "#history/event.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import type { Act, NoInput, OnNode } from "./command.ts";

/** Drops packets in the node's own namespace, at both hooks of netdev. */
export interface CutRequest extends OnNode {
  /** Names the rule set. One cut has one name, which also removes it. */
  cut: string;
  /** The node's address on the segment; the interface is found by it. */
  address: string;
  /** Peers whose packets are dropped. Empty: drop everything. */
  peerMacs: string[];
  direction: "both" | "in" | "out";
}

export interface NamedCut extends OnNode {
  cut: string;
}

/** Sets an interface down or up inside the node. */
export interface LinkRequest extends OnNode {
  address: string;
  state: "up" | "down";
}

/** Which interface has that address now. */
export interface InterfaceRequest {
  /** Absent: on the client host. */
  pid?: number;
  address: string;
}

/** The client host's entry of an address is made fresh. */
export interface FreshNeighbourRequest {
  address: string;
}

export interface Neighbour {
  address: string;
  /** By the kernel, for example "REACHABLE"; "NONE" without an entry. */
  state: string;
  mac?: string;
  /** Least time for which the kernel believes a confirmed entry. */
  reachableMs: number;
}

/** Takes a port inside a node's network namespace with our own listener, or gives it back. */
export interface PortRequest extends OnNode {
  address: string;
  port: number;
  isHeld: boolean;
}

/** Sends one VRRPv2 advert from inside a node's network namespace to another address. */
export interface AdvertRequest extends OnNode {
  source: string;
  destination: string;
  routerId: number;
  priority: number;
  vip: string;
}

/** Sends VRRP adverts from the client host until `stop-forging`. Replies once every node has seen one. */
export interface ForgeVrrpRequest {
  /** Address of the client host that they are sent from. */
  source: string;
  destinations: string[];
  /** Addresses off the segment; a host also answers there for its other interfaces. The routes go with the senders. */
  routed: string[];
  routerId: number;
  priority: number;
  addresses: string[];
  advertS: number;
  /** Where arrival is checked: the nodes' interfaces on the zone segment, found by address. */
  witnesses: { node: NodeName; pid: number; address: string }[];
  proofMs: number;
}

/** Sends VRRP adverts as Ethernet frames until `stop-frames`. Replies once every receiver has seen one. */
export interface ForgeFramesRequest {
  /** The MAC of the frames. It is no node's. */
  sourceMac: string;
  streams: {
    /** The receiver, and its interface by address and MAC. */
    node: NodeName;
    pid: number;
    address: string;
    mac: string;
    /** The source address that the adverts carry. */
    source: string;
    /** The frames leave from this process's interface with that address: another port of the same segment. */
    fromPid: number;
    fromAddress: string;
  }[];
  routerId: number;
  priority: number;
  addresses: string[];
  advertS: number;
  proofMs: number;
}

/** Adverts sent, and how many each node saw. */
export interface ForgedTally {
  sent: number;
  arrived: Partial<Record<NodeName, number>>;
}

/** Tries a TCP connection to each target at once and sends nothing. Emits one `attempt` event for each. */
export interface AttemptRequest {
  /** Absent: from the client host. */
  pid?: number;
  from: HostName;
  /** address:port. */
  targets: string[];
  timeoutMs: number;
}

/**
 * Reports VRRP packets on a host's segment as `vrrp` events until `stop-captures`. On the segment between two zones it
 * reports who sent to whom instead, as one `flows` event at its end. `capture` events mark begin and end.
 */
export interface CaptureRequest {
  /** Absent: on the client host. */
  pid?: number;
  seenBy: HostName;
  segment: Segment;
  /** The host's own address on that segment; the interface is found by it. */
  address: string;
}

/** Tries TLS handshakes from the client host, each ending in one RPC. Emits `handshake` and `attempt` events. */
export interface HandshakesRequest {
  /** Every row of the matrix, or only those about certificates. */
  rows: "all" | "certificates";
  /** host:port of the endpoint. */
  target: string;
  /** host:port where nothing may listen. TCP is tried there and nothing sent. */
  elsewhere: string[];
  /** Identity that the right certificate speaks for, and one that it does not. */
  zoneId: string;
  foreignZoneId: string;
  /** Files in the agent. "right" is the client's own; the node must refuse the others. */
  ca: string;
  certificates: Record<string, { certificate: string; key: string }>;
  /** Limit for one row. */
  rowTimeoutMs: number;
  timeoutMs: number;
}

/** Rows tried, and how many of them this machine's TLS library could not offer. */
export interface HandshakeCounts {
  rows: number;
  notOfferable: number;
}

export interface NetworkCommands {
  /** Replaces a cut of the same name. */
  cut: Act<CutRequest, { device: string; table: string }>;
  /** Idempotent. Replies what the cut had dropped. */
  "heal-cut": Act<NamedCut, { packets: number; isGone: boolean }>;
  /** Packets dropped so far: the proof that the cut works. */
  "count-cut": Act<NamedCut, { packets: number }>;
  /** As the kernel has it. `mac` in lower case. */
  interface: Act<InterfaceRequest, { device: string; mac: string }>;
  link: Act<LinkRequest, { device: string; state: string }>;
  /** Replies every listener on that port. */
  port: Act<PortRequest, { listeners: string[] }>;
  advert: Act<AdvertRequest, { bytes: number }>;
  "forge-vrrp": Act<ForgeVrrpRequest, ForgedTally>;
  /** Idempotent. */
  "stop-forging": Act<NoInput, ForgedTally>;
  "fresh-neighbour": Act<FreshNeighbourRequest, Neighbour>;
  "forge-frames": Act<ForgeFramesRequest, ForgedTally>;
  /** Idempotent. */
  "stop-frames": Act<NoInput, ForgedTally>;
  attempt: Act<AttemptRequest, void>;
  /** Replies once it captures. */
  capture: Act<CaptureRequest, { device: string }>;
  /** Ends every capture. Each emits what it counted. */
  "stop-captures": Act<NoInput, void>;
  handshakes: Act<HandshakesRequest, HandshakeCounts>;
}
