// What lines of nats-server mean. Wordings of versions 2.9 to 2.12. Pure.

import type { SignPattern } from "./sign.ts";

const address = String.raw`(?<address>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])`;

export const natsSigns: readonly SignPattern[] = [
  { pattern: /Starting nats-server/, sign: () => ({ kind: "started", program: "nats-server" }) },
  {
    pattern: /Initiating Shutdown|Server Exiting|Trapped "\w+" signal|Entering lame duck mode/,
    sign: () => ({ kind: "stopping", program: "nats-server" }),
  },
  {
    pattern: new RegExp(String.raw`Listening for route connections on ${address}:\d+`),
    sign: ({ address: own }) => (own === "0.0.0.0" ? undefined : { kind: "own-address", address: own! }),
  },
  { pattern: /Self is new JetStream cluster metadata leader/, sign: () => ({ kind: "meta-leader", name: "self" }) },
  {
    pattern: /JetStream cluster new metadata leader: (?<name>[^/\s]+)/,
    sign: ({ name }) => ({ kind: "meta-leader", name: name! }),
  },
  { pattern: /JetStream cluster no metadata leader/, sign: () => ({ kind: "no-meta-leader" }) },
  {
    pattern: /JetStream cluster new stream leader for '(?<stream>[^']+)'/,
    sign: ({ stream }) => ({ kind: "stream-leader", stream: stream! }),
  },
  {
    pattern: /JetStream cluster stream '(?<stream>[^']+)' has NO quorum/,
    sign: ({ stream }) => ({ kind: "no-quorum", stream: stream! }),
  },
  {
    pattern: new RegExp(String.raw`${address}:(?<port>\d+) - rid:\S+ - Route connection created`),
    sign: ({ address: other, port }) => ({ kind: "route-created", address: other!, port: port! }),
  },
  {
    pattern: new RegExp(String.raw`${address}:(?<port>\d+) - rid:\S+ - Rout(?:er|e) connection closed: (?<why>.+)$`),
    sign: ({ address: other, port, why }) => ({
      kind: "route-closed",
      address: other!,
      port: port!,
      why: why!.replace(/ - Remote: .*$/, "").trim(),
    }),
  },
  {
    pattern: new RegExp(String.raw`Error trying to connect to route .*dial tcp ${address}:\d+: (?<why>.+)$`),
    sign: ({ address: other, why }) => ({ kind: "dial-failed", address: other!, why: why!.trim() }),
  },
  {
    pattern: /Readloop processing time: (?:(?<minutes>\d+)m)?(?<seconds>\d+(?:\.\d+)?)s/,
    sign: ({ minutes, seconds }) => ({
      kind: "late-read",
      seconds: String(Number(minutes ?? 0) * 60 + Number(seconds)),
    }),
  },
  {
    pattern:
      /JetStream (?:out of (?:File )?resources|failed to store|disabled|resource limits exceeded)|no space left on device|input\/output error|read-only file system|Error (?:writing|flushing|creating) .*(?:store|block)/i,
    sign: (_, { text }) => ({ kind: "store-failed", why: text.replace(/^\[\w+\] /, "").slice(0, 160) }),
  },
];
