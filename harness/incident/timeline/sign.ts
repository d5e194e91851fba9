// A sign: a line of a log that tells something about an incident. The tables of each program's lines are beside this.

import type { NodeName } from "#spec/node.ts";
import type { LogRecord, Program } from "../logs/record.ts";

/** What a sign may say. Words after the dash: what its fields hold. */
export interface SignFields {
  /** keepalived entered the state MASTER. */
  master: object;
  backup: object;
  fault: { why?: string };
  "advert-timeout": object;
  /** It hears this address as the master. */
  "master-is": { address: string };
  "heard-advert": { address: string; priority?: string };
  "priority-zero": { way: "sent" | "heard" };
  /** keepalived says that it was held up for so long. */
  "late-timer": { seconds: string };
  "link-down": { interface: string };
  "link-up": { interface: string };
  "own-address": { address: string };
  /** A program began. */
  started: { program: Program };
  /** A program was asked to end, and says so. */
  stopping: { program: Program };
  /** Somebody else says that a program ended by a signal or with a code. */
  ended: { program: Program; how: string };
  "meta-leader": { name: string };
  "no-meta-leader": object;
  "stream-leader": { stream: string };
  "no-quorum": { stream: string };
  /** Of one route. `port`: of the other side; 6222 or the like means that this server dialled. */
  "route-created": { address: string; port: string };
  "route-closed": { address: string; port: string; why: string };
  /** This server dials in vain. */
  "dial-failed": { address: string; why: string };
  /** nats-server was held up in reading. */
  "late-read": { seconds: string };
  "store-failed": { why: string };
  gate: { gates: string };
  "gate-open": object;
  promoting: object;
  "lease-held": object;
  "lease-trouble": { why: string };
  active: object;
  standby: object;
  /** The node or its operating system began. */
  booted: object;
  /** The node was asked to end. */
  "shutting-down": object;
  "io-trouble": { why: string };
  "clock-stepped": { seconds?: string };
}

export type SignKind = keyof SignFields;

export type SignOf<K extends SignKind> = { [N in K]: { kind: N } & SignFields[N] }[K];

export type Sign = SignOf<SignKind>;

/** A sign in the log of a node. `atMs` is on the clock of that node. */
export interface Seen {
  node: NodeName;
  atMs: number;
  precisionMs: number;
  sign: Sign;
  program: Program;
  text: string;
  line: number;
  /** Index of the file among those of the node. */
  file: number;
}

export interface SignPattern {
  pattern: RegExp;
  /** The sign of a match; undefined when the match tells nothing after all. */
  sign: (groups: Record<string, string>, record: LogRecord) => Sign | undefined;
}
