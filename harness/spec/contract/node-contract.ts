// What the harness knows of a node: its paths, ports, programs, streams and gates. The reference node has the values
// below. A profile replaces some of them, for a node image of another vendor (docs/node-contract.md). Plain data.

import type { NodeName } from "../node.ts";
import type { GateName } from "../zone-spec.ts";

/** The programs that the harness must recognise. */
export type ProgramName = "nats-server" | "keepalived" | "controller" | "gate";

/** What the kernel says of a process. All words that a rule has must hold. */
export interface ProgramRule {
  /** Program files, as /proc/PID/exe names them. */
  exe?: string[];
  /** The command name that the kernel keeps: 15 letters. */
  name?: string;
  /** The last systemd unit in its cgroup path. */
  unit?: string;
  /** Regular expression over the arguments, joined by blanks. */
  argv?: string;
}

/** A program without a rule is none of the node's. */
export type ProgramRules = Partial<Record<ProgramName, ProgramRule>>;

export const portNames = ["rpc", "natsClient", "natsMonitor", "natsCluster", "peerBeat"] as const;
export type PortName = (typeof portNames)[number];

export interface NodePorts extends Record<PortName, number> {
  rpc: number;
  natsClient: number;
  natsMonitor: number;
  natsCluster: number;
  /** The gate programs of alpha and beta. */
  peerBeat: number;
}

/** A command line that an operator types on the node. */
export type OperatorCommand = string[];

export interface ServiceCommands {
  start?: OperatorCommand;
  stop?: OperatorCommand;
}

/** A file that is rendered for each node and placed before the container starts. */
export interface TemplateFile {
  path: string;
  /** May hold `{{VARIABLES}}`. */
  text: string;
  mode: number;
  /** Absent: on every node. */
  nodes?: NodeName[];
}

export interface CertificatePaths {
  certificate: string;
  key: string;
  ca: string;
  /** The CA of the peer zone. */
  peerCa: string;
  keyMode: number;
  /** `uid:gid` of the files; root when absent. */
  owner?: string;
}

export interface StreamNames {
  facts: string;
  /** `null`: the node has none. */
  audit: string | null;
  cursors: string | null;
  lease: string | null;
  /** Further streams of the node. */
  others: string[];
  /** Header with the message id. */
  messageId: string;
}

/** How the node can be asked whether it is well. */
export type HealthWay = "rpc" | "http" | "none";

/** Where the state of the gates can be read, and how the node calls them. */
export interface GateReader {
  file?: string;
  command?: OperatorCommand;
  names: Partial<Record<GateName, string>>;
}

/** The part that judging needs. A history names it when the node is not the reference one. */
export interface JudgedNode {
  name: string;
  ports: NodePorts;
  stores: { jetstream: string; artifacts: string };
  /** Absent for the reference node: its programs are recognised by their words, see program.ts. */
  programs?: ProgramRules;
  /** INV-2: further programs that run for good. */
  others: ProgramRule[];
  streams: StreamNames;
  /** The node says its role in a file; `null`: nowhere. */
  roleFile: string | null;
  hasGates: boolean;
  health: HealthWay;
}

export interface NodeContract extends JudgedNode {
  /** The node is the one of this repository: the harness renders its configuration. */
  isReference: boolean;
  /** Plain HTTP on the VIP, where `health` says so. */
  healthHttp?: { path: string; port: number };
  certificates: CertificatePaths;
  services: Partial<Record<ProgramName, ServiceCommands>>;
  gates: GateReader | null;
  /** Folder with the node's own texts; `null`: not searched. */
  texts: string | null;
  /** Added to the environment of the container. Values may hold `{{VARIABLES}}`. */
  environment: Record<string, string>;
  files: TemplateFile[];
  /** Folders that get an anonymous volume. */
  volumes: string[];
  /** Run once, after the first start of a container. */
  firstStart?: OperatorCommand;
}

const service = "/opt/bsfg/bin/service";
const ofService = (name: ProgramName): ServiceCommands => ({
  start: [service, "start", name],
  stop: [service, "stop", name],
});

export const referenceContract: NodeContract = {
  isReference: true,
  name: "the reference node",
  ports: { rpc: 9443, natsClient: 4222, natsMonitor: 8222, natsCluster: 6222, peerBeat: 7946 },
  stores: { jetstream: "/data/jetstream", artifacts: "/artifacts" },
  others: [],
  streams: {
    facts: "facts_operational",
    audit: "facts_audit",
    cursors: "cursors",
    lease: "lease",
    others: [],
    messageId: "Nats-Msg-Id",
  },
  roleFile: "/run/bsfg/role",
  hasGates: true,
  health: "rpc",
  certificates: {
    certificate: "/opt/bsfg/certs/server.crt",
    key: "/opt/bsfg/certs/server.key",
    ca: "/opt/bsfg/certs/ca.crt",
    peerCa: "/opt/bsfg/certs/peer-ca.crt",
    keyMode: 0o600,
  },
  services: {
    "nats-server": ofService("nats-server"),
    keepalived: ofService("keepalived"),
    controller: ofService("controller"),
  },
  gates: { file: "/run/bsfg/gates.json", names: {} },
  texts: "/opt/bsfg",
  environment: {},
  files: [],
  volumes: [],
};

/** What a history says of a foreign node; undefined for the reference node, whose histories say nothing. */
export function judgedPartOf(contract: NodeContract): JudgedNode | undefined {
  if (contract.isReference) return undefined;
  const { name, ports, stores, programs, others, streams, roleFile, hasGates, health } = contract;
  return { name, ports, stores, ...(programs ? { programs } : {}), others, streams, roleFile, hasGates, health };
}

/** The node of a history. */
export function judgedNodeOf(header: { node?: JudgedNode }): JudgedNode {
  return header.node ?? referenceContract;
}

/** Ports of the reference node. */
export const referencePorts: NodePorts = referenceContract.ports;

/** The node's own name of a stream that a scenario names as the reference node does; undefined when it has none. */
export function streamNamed(names: StreamNames, reference: string): string | undefined {
  const own: Record<string, string | null> = {
    facts_operational: names.facts,
    facts_audit: names.audit,
    cursors: names.cursors,
    lease: names.lease,
  };
  return own[reference] ?? undefined;
}

/** The environment variable that gives the agent the contract, as JSON, where the node is not the reference one. */
export const contractVariable = "TRIAD_NODE_CONTRACT";
