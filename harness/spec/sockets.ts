// The sockets that the programs of a node may have on other addresses than loopback. Any other one is a way into the
// node that the pattern does not know. Plain data.

import type { NodePorts, ProgramName } from "./contract/node-contract.ts";

export interface KnownSocket {
  /** By answersTo. */
  program: ProgramName;
  protocol: "tcp" | "udp" | "raw";
  /** `every`: the socket is bound to no address. */
  host: "vip" | "zone" | "control" | "every";
  /** Of a raw socket: its IP protocol. `rpc`: the zone's own. */
  port: number | "rpc";
  /** On Alpha and Beta only. */
  isOfService: boolean;
}

export const vrrpProtocol = 112;

export const knownSockets = (ports: NodePorts): readonly KnownSocket[] => [
  { program: "controller", protocol: "tcp", host: "vip", port: "rpc", isOfService: true },
  { program: "nats-server", protocol: "tcp", host: "zone", port: ports.natsCluster, isOfService: false },
  { program: "keepalived", protocol: "raw", host: "control", port: vrrpProtocol, isOfService: true },
  { program: "keepalived", protocol: "raw", host: "every", port: vrrpProtocol, isOfService: true },
  // The two gate programs tell each other that they run.
  { program: "gate", protocol: "udp", host: "control", port: ports.peerBeat, isOfService: true },
];
