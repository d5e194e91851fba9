// Two zones as correct ones would live the scenario "peer-zones": the first loses alpha at second 12, the second serves on, and
// at the end each holds what both acknowledged.

import type { HistoryEvent } from "#history/event.ts";
import { sortedByTime } from "#history/codec.ts";
import { type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import { atNs, HistoryBuilder, vip } from "./builder.ts";
import { looked } from "./looks.ts";
import { ending, opening, takeover } from "./stories.ts";

export const pairEntries = ["STO-3", "STO-4", "DUAL-0", "DUR-6"];
export const peerVip = "198.18.2.10";
export const endS = 56;
/** Offsets of what came from the other zone. */
const cameFrom = 50_000;
export const artifact = { key: "triad/own-1", digest: "abcdef0123456789", bytes: 65_536 };
export const peerArtifact = { key: "triad/own-2", digest: "9876543210fedcba", bytes: 65_536 };

const leg = (node: NodeName, host: number) => (node === "gamma" ? {} : { peerAddress: `198.19.84.${host}` });

export function peerZones(): HistoryBuilder {
  const own = takeover({ scenario: "peer-zones", entries: pairEntries });
  const peer = peerStory();
  for (const [place, name] of nodeNames.entries()) {
    const { nodes } = own.header.zone;
    nodes[name] = { ...nodes[name], ...leg(name, 11 + place) };
  }
  // Between the facts of the load at 10.5 and 10.75: offsets follow time, and these stories number their own.
  named(own, 10.5, { artifact, message: "artifact-own-1", offset: 19.5 });
  named(peer, 10.5, { artifact: peerArtifact, message: "artifact-own-2", offset: 19.5 });
  listed(own, 11.5, { alpha: [artifact, peerArtifact], beta: [] });
  listed(peer, 11.5, { alpha: [artifact, peerArtifact], beta: [] });
  looked(own, 11, { active: "alpha" });
  looked(peer, 11, { active: "alpha" });
  talked(own, 11.8);
  listed(own, 30, { beta: [] });
  call(own, { s: 31, op: 80_009, f: "get", node: "beta", artifact });
  listed(own, 32, { beta: [artifact] });
  own.mark(endS + 1, "exchanged");
  return joined(own, peer);
}

/** Both stories in one history, each zone with the other's facts at the end. */
export function joined(own: HistoryBuilder, peer: HistoryBuilder): HistoryBuilder {
  const told = inPeersWords(peer.events);
  exchange(own, told);
  own.header.peer = {
    zone: {
      ...own.header.zone,
      vip: peerVip,
      nodes: peerNodes(),
      spec: { ...own.header.zone.spec, zoneId: "enterprise-bsfg" },
    },
    plannedFaults: peer.header.plannedFaults,
  };
  connect(own.events, vip, peerVip);
  connect(told, peerVip, vip);
  for (const event of sortedByTime(told)) own.add({ t: event.t, type: "peer", event } as HistoryEvent);
  return own;
}

export function peerStory(entries = pairEntries): HistoryBuilder {
  const peer = new HistoryBuilder("peer-zones", entries);
  opening(peer);
  peer.load({ fromS: 6, toS: endS }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  return ending(peer, endS);
}

function peerNodes(): HistoryBuilder["header"]["zone"]["nodes"] {
  const nodes = nodeNames.map((name, place) => [
    name,
    { zoneAddress: `198.18.2.${11 + place}`, ...leg(name, 21 + place) },
  ]);
  return Object.fromEntries(nodes) as HistoryBuilder["header"]["zone"]["nodes"];
}

/** The builder tells of one zone, so the other one's story is the same in other addresses and ids. */
function inPeersWords(events: readonly HistoryEvent[]): HistoryEvent[] {
  const text = JSON.stringify(events).replaceAll("198.18.0.", "198.18.2.").replaceAll("198.18.1.", "198.18.3.");
  return JSON.parse(text.replaceAll('"messageId":"m-', '"messageId":"p-')) as HistoryEvent[];
}

/** Each zone's facts in the other's stream at the end. */
function exchange(own: HistoryBuilder, told: HistoryEvent[]): void {
  const storedIn = (events: readonly HistoryEvent[]) => events.filter((event) => event.type === "stored");
  const moved = (event: Extract<HistoryEvent, { type: "stored" }>) => ({ ...event, offset: event.offset + cameFrom });
  const [mine, its] = [storedIn(own.events), storedIn(told)];
  own.events.push(...its.map(moved));
  told.push(...mine.map(moved));
}

interface Kept {
  key: string;
  digest: string;
  bytes: number;
}

/** Put, and named by a fact. */
export function named(
  builder: HistoryBuilder,
  s: number,
  of: { artifact: Kept; message: string; offset: number },
): void {
  const { artifact: kept, message: messageId, offset } = of;
  const digest = "00c0ffee";
  const append = {
    op: 80_002 + Math.round(s * 10),
    process: "caller",
    f: "append" as const,
    key: kept.key,
    messageId,
    digest,
  };
  call(builder, { s, op: 80_001 + Math.round(s * 10), f: "put", node: "alpha", artifact: kept });
  builder.add({ t: atNs(s + 0.1), type: "invoke", ...append });
  builder.add({ t: atNs(s + 0.2), type: "ok", ...append, offset, node: "alpha" });
  builder.add({ t: atNs(endS + 2), type: "stored", offset, messageId, digest });
}

function call(
  builder: HistoryBuilder,
  of: { s: number; op: number; f: "put" | "get"; node: NodeName; artifact: Kept },
): void {
  const { s, op, f, node, artifact: kept } = of;
  const base = { op, process: "caller", f, key: kept.key };
  builder.add({ t: atNs(s), type: "invoke", ...base, ...(f === "put" ? { digest: kept.digest } : {}) });
  builder.add({ t: atNs(s + 0.02), type: "ok", ...base, node, digest: kept.digest });
}

export function listed(builder: HistoryBuilder, s: number, on: Partial<Record<NodeName, Kept[]>>): void {
  for (const node of serviceNodes) {
    const files = on[node]?.map(({ key, digest, bytes }) => ({ path: key, digest, bytes }));
    if (files) builder.add({ t: atNs(s), type: "files", node, folder: "/artifacts", files });
  }
}

/** What passed alpha's leg: calls both ways, and ARP. */
function talked(builder: HistoryBuilder, s: number): void {
  const pairs = [
    { protocol: "arp", from: "", to: "", packets: 4 },
    { protocol: "ip6", from: "fe80::1", to: "ff02::16", packets: 2 },
    { protocol: "tcp", from: `${vip}:40001`, to: `${peerVip}:9443`, packets: 90 },
    { protocol: "tcp", from: `${peerVip}:9443`, to: `${vip}:40001`, packets: 88 },
  ];
  builder.add({ t: atNs(s), type: "talk", seenBy: "alpha", segment: "peer", pairs });
}

/** The controller's connection to the other zone, in every survey of the active node. */
function connect(events: HistoryEvent[], from: string, to: string): void {
  for (const event of events)
    if (event.type === "survey" && event.sockets.some(({ local }) => local === `${from}:9443`))
      event.sockets.push({ protocol: "tcp", local: `${from}:40001`, remote: `${to}:9443`, state: "ESTAB", pid: 104 });
}
