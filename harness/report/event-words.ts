// One event of a history as a short sentence. It repeats the record and judges nothing.

import type { HistoryEvent } from "#history/event.ts";
import { monitorNamed } from "#spec/monitor.ts";

/** Plain text, without the time. */
export function eventWords(event: HistoryEvent): string {
  switch (event.type) {
    case "observed":
      return observed(event);
    case "fault":
      return `fault ${event.fault} on ${event.nodes.join("+")}: ${event.phase}${because(event.proof)}`;
    case "mark":
      return `mark ${event.mark}`;
    case "node":
      return `container of ${event.node} ${event.phase}`;
    case "looks":
      return `the observer took ${event.looks} samples, at most ${ms(event.gapMaxNs)} apart`;
    case "stored":
      return `message ${event.messageId} read back at offset ${event.offset}`;
    case "quorum":
      return `the server of ${event.node} ${event.isAcknowledged ? "acknowledged" : "did not acknowledge"} a write${because(event.error)}`;
    case "trouble":
      return `harness error ${event.code}: ${event.message}`;
    case "monitor":
      return `monitor ${monitorNamed(event.monitor)} ${event.state}: ${event.why}`;
    case "peer":
      return `in the peer zone: ${eventWords(event.event)}`;
    case "gates":
      return `gates reported by ${event.node}: ${gates(event.gates)}`;
    default:
      return looked(event) ?? called(event);
  }
}

type Of<T extends HistoryEvent["type"]> = Extract<HistoryEvent, { type: T }>;

function observed(event: Of<"observed">): string {
  if (!event.isAlive) return `${event.node} is down`;
  const listens = event.listens.length > 0 ? `listens on ${event.listens.join(", ")}` : "does not listen";
  const state = [event.ownsVip ? "owns the VIP" : "does not own the VIP", listens];
  if (event.held) state.push(`the harness holds ${event.held.join(", ")}`);
  if (event.isFrozen) state.push("is frozen");
  if (event.role) state.push(`keepalived ${event.role}`);
  return `${event.node} ${state.join(", ")}`;
}

/** What was inspected from outside a node, or tried against it. */
function looked(event: HistoryEvent): string | undefined {
  switch (event.type) {
    case "inspection":
      return `${event.node} inspected: ${event.processes.length} processes, ${event.sockets.length} sockets, ${event.mounts.length} mounts`;
    case "server":
      if (!event.isReachable) return `the server of ${event.node} did not answer${because(event.error)}`;
      return `server of ${event.node}: ${event.voters?.length ?? "?"} voters, ${event.routes?.length ?? "?"} routes, meta leader ${event.metaLeader ?? "none"}`;
    case "stream":
      return `stream ${event.stream} according to ${event.node}: leader ${event.leader ?? "none"}, ${event.replicas.length + 1} replicas, ${event.messages} messages${because(event.error)}`;
    case "older":
      return `${event.messages} messages of ${event.stream} up to offset ${event.upTo} read at the ${event.label}${because(event.error)}`;
    case "replica-dump":
      return `replica dump "${event.label}" of ${event.stream} on ${event.node}: ${event.messages} messages, ${event.from} to ${event.to}`;
    case "texts":
      return `${event.read} texts (${event.kind}) searched for a claim of point-in-time recovery: ${event.claims.length} found`;
    case "bind":
      return `attempt to bind ${event.target} on ${event.node}: ${event.outcome}`;
    case "attempt":
      return `connection attempt from ${event.from} to ${event.target}: ${event.outcome}`;
    case "handshake":
      return `handshake ${event.row}: ${event.outcome}${because(event.version ?? event.error)}`;
    case "hello":
      return `hello of ${event.offered} to ${event.target}: ${event.answer}${because(event.version)}`;
    case "vrrp":
      return `VRRP seen by ${event.seenBy} on ${event.segment}: ${event.source} to ${event.destination}, priority ${event.priority}`;
    case "capture":
      return `capture on ${event.segment} by ${event.seenBy} ${event.phase}${event.packets === undefined ? "" : `, ${event.packets} packets`}`;
    case "flows":
      return `traffic on ${event.segment}, seen by ${event.seenBy}: ${event.pairs.length} pairs of addresses`;
    case "files":
      return `${event.files.length} files under ${event.folder} of ${event.node}`;
    case "search":
      return `${event.filesRead} files under ${event.folder} of ${event.node} searched for ${event.key}: ${event.found.length > 0 ? `found in ${event.found.join(", ")}` : "not found"}`;
    default:
      return undefined;
  }
}

/** A call of a client. An event that this version does not know is shown as JSON. */
function called(event: HistoryEvent): string {
  if (!("f" in event)) return JSON.stringify(event);
  const { type, f, process, node, error } = event as unknown as Record<string, unknown>;
  const parts = [f, type, process ? `by ${text(process)}` : "", node ? `answered by ${text(node)}` : ""];
  return `${parts.filter(Boolean).map(text).join(" ")}${because(error)}`;
}

function gates(all: Record<string, { isOpen: boolean; why: string }>): string {
  const closed = Object.entries(all).filter(([, { isOpen }]) => !isOpen);
  return closed.length === 0 ? "all open" : closed.map(([name, { why }]) => `${name} closed (${why})`).join(", ");
}

function because(reason: unknown): string {
  return reason === undefined || reason === null ? "" : ` (${text(reason)})`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function ms(ns: number): string {
  return `${Math.round(ns / 1e5) / 10} ms`;
}
