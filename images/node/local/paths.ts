// Where things stand inside a node. Fixed by docs/node-contract.md, or private between the programs of this image.

export const paths = {
  node: "/opt/bsfg/node.json",
  certificates: "/opt/bsfg/certs",
  artifacts: "/artifacts",
  /** keepalived's last transition, one word; written by bin/notify. */
  role: "/run/bsfg/role",
  /** The health answer as JSON. */
  gates: "/run/bsfg/gates.json",
  /** CLOCK_MONOTONIC nanoseconds until which this node may act; 0: it may not. */
  lease: "/run/bsfg/lease",
  /** What keepalived tracks: 0 open, 1 closed. */
  verdict: "/run/bsfg/verdict",
  /** The gate program's sign of life and keepalived's, in hundredths of a second of uptime. */
  track: "/run/bsfg/track",
  beat: "/run/bsfg/beat",
  zoneInterface: "/run/bsfg/zone-interface",
  /** Last bind of the controller: "bound" or "failed CODE". */
  bind: "/run/bsfg/bind",
  /** How the controller last ended; written by its finish script. */
  rpcExit: "/run/bsfg/rpc-exit",
  rpcService: "/run/service/rpc",
} as const;
