// The fields that the codec requires of the header and of each type of event.

import type { HistoryEvent, HistoryHeader } from "./event.ts";
import type { FieldsOf } from "./fields.ts";

export const headerFields: Partial<FieldsOf<HistoryHeader>> = {
  suite: "string",
  scenario: "string",
  repeat: "number",
  seed: "number",
  entries: "array",
  plannedFaults: "array",
  zone: "object",
  bounds: "figures",
};

type EventOf<T> = HistoryEvent extends infer E
  ? E extends { type: infer U }
    ? T extends U
      ? E
      : never
    : never
  : never;

/** Fields that an event of each type must have. The details of marks and faults have tables of their own. */
export const eventFields: { readonly [T in HistoryEvent["type"]]: Partial<FieldsOf<EventOf<T>>> } = {
  invoke: { op: "number", process: "string", f: "string" },
  ok: { op: "number", process: "string", f: "string" },
  fail: { op: "number", process: "string", f: "string" },
  info: { op: "number", process: "string", f: "string" },
  observed: {
    node: "node",
    sinceNs: "number",
    isAlive: "boolean",
    ownsVip: "boolean",
    listens: "array",
    isFrozen: "boolean",
  },
  looks: { looks: "number", gapMaxNs: "number" },
  fault: { phase: "string", fault: "string", id: "number", nodes: "nodes" },
  node: { node: "node", phase: "string" },
  mark: { mark: "string" },
  stored: { offset: "number", messageId: "string", digest: "string" },
  older: { node: "node", label: "string", stream: "string", upTo: "number", messages: "number", digest: "string" },
  stream: { node: "node", stream: "string", replicas: "array" },
  "replica-dump": {
    label: "string",
    node: "node",
    stream: "string",
    messages: "number",
    blocks: "object",
    consumers: "array",
  },
  texts: { kind: "string", read: "number", claims: "array" },
  quorum: { node: "node", isAcknowledged: "boolean" },
  vrrp: { seenBy: "string", segment: "string", source: "string" },
  gates: { node: "node", gates: "object" },
  capture: { phase: "string", seenBy: "string", segment: "string" },
  inspection: {
    node: "node",
    processes: "array",
    sockets: "array",
    addresses: "array",
    mounts: "array",
    sysctls: "object",
  },
  server: { node: "node", isReachable: "boolean" },
  bind: { node: "node", target: "string", outcome: "string" },
  attempt: { from: "string", target: "string", outcome: "string" },
  handshake: { row: "string", target: "string", offered: "object", outcome: "string" },
  hello: { target: "string", offered: "string", answer: "string" },
  files: { node: "node", folder: "string", files: "array" },
  search: { node: "node", folder: "string", key: "string", filesRead: "number", found: "array" },
  monitor: { monitor: "string", state: "string" },
  flows: { seenBy: "string", segment: "string", pairs: "array" },
  peer: { event: "object" },
  trouble: { code: "string", message: "string" },
};
