// Paths inside a node. docs/node-contract.md fixes some; the others are private to the programs of this image.

export const paths = {
  node: "/opt/bsfg/node.json",
  certificates: "/opt/bsfg/certs",
  artifacts: "/artifacts",
  /** keepalived's last transition, one word. Written by bin/notify. */
  role: "/run/bsfg/role",
  /** The health answer as JSON. */
  gates: "/run/bsfg/gates.json",
  /** CLOCK_MONOTONIC nanoseconds until which this node may act; 0: it may not. */
  lease: "/run/bsfg/lease",
  /** keepalived tracks it: 0, may claim the VIP; 1, may not. */
  verdict: "/run/bsfg/verdict",
  /** Signs of life of the gate program and of keepalived, in hundredths of a second of uptime. */
  track: "/run/bsfg/track",
  beat: "/run/bsfg/beat",
  /** Statistics that keepalived writes when it is asked, and the PID of its VRRP process. */
  vrrpStatistics: "/tmp/keepalived.stats",
  vrrpPid: "/run/vrrp.pid",
  zoneInterface: "/run/bsfg/zone-interface",
  /** Last bind of the controller: "bound" or "failed CODE". */
  bind: "/run/bsfg/bind",
  /** How the controller last ended. Written by its finish script. */
  rpcExit: "/run/bsfg/rpc-exit",
  rpcService: "/run/service/rpc",
} as const;
