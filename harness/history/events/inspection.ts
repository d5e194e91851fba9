// Events of an inspection of a node: what the kernel, the node's own server and its gate program say. Types only.

import type { NodeName } from "#spec/node.ts";
import type { GateName } from "#spec/zone-spec.ts";

/** What the kernel says about a node, read through /proc from outside. */
export interface InspectionEvent {
  t: number;
  type: "inspection";
  node: NodeName;
  processes: InspectedProcess[];
  sockets: InspectedSocket[];
  /** IPv4 addresses of every interface, e.g. {interface: "eth0", address: "198.18.0.11"}. */
  addresses: { interface: string; address: string }[];
  mounts: InspectedMount[];
  /** By dotted name, e.g. net.ipv4.ip_nonlocal_bind. */
  sysctls: Record<string, string>;
  /**
   * Folders with files that a process has open, and the file system that each really lies on. Since `evidence` names
   * it.
   */
  openFolders?: OpenFolder[];
}

export interface OpenFolder {
  pid: number;
  /** As the node sees it. */
  folder: string;
  /** Of the mount that the files were opened through. */
  device: string;
  type: string;
  files: number;
}

export interface InspectedMount {
  /** major:minor, as in mountinfo. */
  device: string;
  /** Path inside that file system. */
  root: string;
  path: string;
  type: string;
  source: string;
  isReadOnly?: true;
}

export interface InspectedProcess {
  pid: number;
  parent: number;
  /** Command name, /proc/PID/comm. */
  name: string;
  argv: string[];
  /**
   * Of a process in a PID namespace below the node's: the container's name, from the arguments of the runtime above it;
   * empty when there is no runtime above it.
   */
  container?: string;
  /** The program file that it runs, /proc/PID/exe. */
  exe?: string;
  /** The last systemd unit in its cgroup path, where a node has units. */
  unit?: string;
  /** Of /proc/PID/stat, e.g. S sleeping, T stopped by a signal. Histories of older versions lack it. */
  state?: string;
}

/** Connections in TIME-WAIT are left out: they are closed and no process owns them. */
export interface InspectedSocket {
  protocol: "tcp" | "tcp6" | "udp" | "udp6" | "raw" | "raw6";
  /** address:port; the port of a raw socket is its IP protocol. */
  local: string;
  remote: string;
  /** tcp: as ss names it (LISTEN, ESTAB, …); others: UNCONN. */
  state: string;
  /** Owner, where one of the node's processes has it open. */
  pid?: number;
}

/** What a node's nats-server answers on its monitoring port, asked by the agent on the node's own loopback. */
export interface ServerEvent {
  t: number;
  type: "server";
  node: NodeName;
  /** It answered; else see `error`. */
  isReachable: boolean;
  error?: string;
  version?: string;
  /** /healthz. */
  isHealthy?: boolean;
  /** /routez: the other servers by name and address, each once. */
  routes?: { name: string; address: string }[];
  /** /varz cluster.urls: the routes that are configured. */
  configuredRoutes?: string[];
  /** /jsz: JetStream runs on this server. */
  hasJetStream?: boolean;
  /** /jsz meta group. */
  metaLeader?: string | null;
  /** How many voters this server counts. */
  metaSize?: number;
  /** The leader and its replicas by server name. Only the leader lists them; `isOnline` is its view. */
  voters?: { name: string; isOnline: boolean }[];
  /** /jsz: streams of which this server holds a replica. */
  streams?: HeldStream[];
  /** /varz jetstream config. */
  storeDir?: string;
  /** /varz jetstream config. 0 with `syncAlways`. */
  syncIntervalNs?: number;
  syncAlways?: boolean;
  /** /connz: clients by their names and addresses. */
  clients?: { name: string; address: string }[];
}

/** A replica of a stream, as the server that holds it says. `replicas` is the configured number. */
export interface HeldStream {
  name: string;
  replicas: number;
  storage: "file" | "memory";
  messages: number;
  bytes: number;
  /** Durable consumers of which this server holds a replica. */
  consumers: { name: string; replicas: number; settings?: StoreSettings }[];
  /** Its other consumers, which the server drops when they are idle. */
  readers?: { name: string; settings: StoreSettings }[];
  /** The account that it belongs to. */
  account?: string;
  settings?: StoreSettings;
}

/** The configuration of a stream or a consumer, in the words of nats-server, as the server reports it. */
export type StoreSettings = Record<string, unknown>;

/**
 * What a node's gate program answers, gate by gate. The node itself says so: it explains a verdict and never acquits.
 */
export interface GatesEvent {
  t: number;
  type: "gates";
  node: NodeName;
  gates: Partial<Record<GateName, GateReading>>;
}

export interface GateReading {
  isOpen: boolean;
  why: string;
}
