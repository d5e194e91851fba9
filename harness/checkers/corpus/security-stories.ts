// Two scenarios as a correct zone would live them: the endpoint is tried with every handshake and then lied to on the
// zone segment; and its certificates run out and are renewed, node by node.

import type { HandshakeEvent, HostName } from "#history/event.ts";
import type { Segment } from "#spec/node.ts";
import { atNs, HistoryBuilder, vip } from "./builder.ts";
import { ending, opening } from "./stories.ts";

const target = `${vip}:9443`;
const zoneId = "plant-a-bsfg";
const control = { alpha: "198.18.1.11", beta: "198.18.1.12" } as const;
export const client = "198.18.0.20";

/** What a row ends in; everything else about it is the same. */
export type RowEnd = Partial<HandshakeEvent> & Pick<HandshakeEvent, "outcome">;

const old = { fingerprint: "aa", leftDays: 28.9 };
const fresh = { fingerprint: "bb", leftDays: 364.9 };
const servedIn = (version: string): RowEnd => ({
  outcome: "served",
  version,
  cipher: version === "TLSv1.3" ? "TLS_AES_256_GCM_SHA384" : "ECDHE-ECDSA-AES256-GCM-SHA384",
  server: fresh,
  certificateGate: { isOpen: true, why: "" },
});
const refused: RowEnd = { outcome: "refused", error: "closed" };

interface TriedRow {
  row: string;
  offered: HandshakeEvent["offered"];
  end: RowEnd;
}

/** Every row of a right endpoint, in order. */
function matrix(): TriedRow[] {
  const right = (row: string, versions: [string, string], end: RowEnd): TriedRow => ({
    row,
    offered: { versions, certificate: "right" },
    end,
  });
  const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].map((one) =>
    right(`version ${one}`, [one, one], one < "TLSv1.2" ? refused : servedIn(one)),
  );
  // Names of no suite: what counts is that they are outside the baseline, and many.
  const foreign = ["AES128-SHA", ...Array.from({ length: 70 }, (_, n) => `FOREIGN-${n}-SHA`)];
  const suites = ["ECDHE-ECDSA-AES256-GCM-SHA384", ...foreign].map((ciphers): TriedRow => {
    const end = foreign.includes(ciphers) ? refused : servedIn("TLSv1.2");
    return {
      row: `cipher ${ciphers}`,
      offered: { versions: ["TLSv1", "TLSv1.2"], ciphers, certificate: "right" },
      end,
    };
  });
  const any = right("version any", ["TLSv1", "TLSv1.3"], servedIn("TLSv1.3"));
  return [any, ...versions, ...suites, ...certificates()];
}

function certificates(): TriedRow[] {
  const wrong: [string, string | undefined][] = [
    ["none", undefined],
    ["foreign-ca", undefined],
    ["expired", undefined],
    ["other-zone", zoneId],
    ["no-zone", zoneId],
    ["no-zone", "maintenance-laptop"],
    ["right", "enterprise-bsfg"],
  ];
  const plain: TriedRow = {
    row: "plain HTTP",
    offered: { versions: ["none", "none"], certificate: "none" },
    end: refused,
  };
  const rows = ["TLSv1.2", "TLSv1.3"].flatMap((version) =>
    wrong.map(([certificate, fromZone]): TriedRow => ({
      row: `certificate ${certificate}${fromZone ? ` for ${fromZone}` : ""} ${version}`,
      offered: { versions: [version, version], certificate, ...(fromZone ? { fromZone } : {}) },
      end: fromZone ? { outcome: "refused", version, error: "permission_denied" } : refused,
    })),
  );
  const last = ["TLSv1.2", "TLSv1.3"].map((version): TriedRow => ({
    row: `certificate right ${version}`,
    offered: { versions: [version, version], certificate: "right" },
    end: servedIn(version),
  }));
  const stock = ["none", "right"].flatMap((certificate) =>
    ["grpc-js", "undici"].map((client): TriedRow => ({
      row: `stock ${client} ${certificate}`,
      offered: { versions: ["any", "any"], certificate },
      end: certificate === "right" ? { outcome: "served" } : refused,
    })),
  );
  return [plain, ...rows, ...last, ...stock];
}

/** Adds the rows, one a millisecond. */
function tried(builder: HistoryBuilder, s: number, rows: readonly TriedRow[]): void {
  rows.forEach(({ row, offered, end }, place) =>
    builder.add({ t: atNs(s + place / 1000), type: "handshake", row, target, offered, ...end }),
  );
}

/** SEC-1 to SEC-4, NET-1 and SEC-8: alpha serves throughout, whatever is tried. */
export function handshakes(change: (row: string, end: RowEnd) => RowEnd = (_, end) => end): HistoryBuilder {
  const entries = ["SEC-1", "SEC-2", "SEC-3", "SEC-4", "SEC-8", "NET-1", "DUAL-0", "DUR-6"];
  const builder = new HistoryBuilder("security-handshakes", entries);
  opening(builder);
  tried(
    builder,
    10.5,
    matrix().map((one) => ({ ...one, end: change(one.row, one.end) })),
  );
  for (const host of [11, 12, 13])
    builder.add({ t: atNs(11), type: "attempt", from: "client", target: `198.18.0.${host}:9443`, outcome: "refused" });
  builder.mark(11.9, "provoked", { expectsFailover: false });
  builder.fault({ fault: "forge-vrrp", nodes: ["alpha"], effectS: 12, healS: 18 });
  for (const [node, own] of [
    ["alpha", "198.18.0.11"],
    ["beta", "198.18.0.12"],
  ] as const)
    for (const destination of ["224.0.0.18", own])
      advert(builder, 12.1, { seenBy: node, segment: "zone", source: client, destination, priority: 255 });
  builder.mark(18.1, "repaired", { node: "alpha" });
  builder.load({ fromS: 6, toS: 22 }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  return ending(builder, 22);
}

interface Seen {
  seenBy: HostName;
  segment: Segment;
  source: string;
  destination: string;
  priority?: number;
}

export function advert(builder: HistoryBuilder, s: number, seen: Seen): HistoryBuilder {
  return builder.add({ t: atNs(s), type: "vrrp", priority: 150, ...seen });
}

const legs: [HostName, Segment][] = [
  ["alpha", "zone"],
  ["beta", "zone"],
  ["gamma", "zone"],
  ["client", "zone"],
  ["alpha", "control"],
  ["beta", "control"],
];

/** SEC-5 to SEC-7: beta is renewed and restarted at 12, alpha at 16; beta serves from 22.5 on. */
export function rotation(): HistoryBuilder {
  const builder = new HistoryBuilder("security-rotation", ["SEC-5", "SEC-6", "SEC-7", "DUAL-0", "DUR-6"]);
  const { nodes, spec } = builder.header.zone;
  for (const name of ["alpha", "beta"] as const) nodes[name] = { ...nodes[name], controlAddress: control[name] };
  spec["certificate"] = { minDays: 30, policy: "warn" };
  opening(builder);
  const warning = { isOpen: true, why: "warn: 28.9 days left, 30 asked for" };
  gates(builder, 10.1, warning);
  shown(builder, 10.3, { server: old, certificateGate: warning });
  builder.mark(11.5, "renewed", { node: "beta" });
  restart(builder, "beta", 12);
  for (const [seenBy, segment] of legs)
    builder.add({ t: atNs(14.5), type: "capture", phase: "began", seenBy, segment });
  for (const seenBy of ["alpha", "beta"] as const)
    advert(builder, 15, { seenBy, segment: "control", source: control.alpha, destination: control.beta });
  builder
    .mark(15.9, "renewed", { node: "alpha" })
    .mark(15.92, "provoked", { expectsFailover: true, from: "alpha", to: "beta" });
  restart(builder, "alpha", 16);
  builder.promote(20.1, "beta").mark(23, "failed-over");
  advert(builder, 21, { seenBy: "beta", segment: "control", source: control.beta, destination: control.alpha });
  for (const [seenBy, segment] of legs)
    builder.add({ t: atNs(24), type: "capture", phase: "ended", seenBy, segment, packets: 900 });
  shown(builder, 25, { server: fresh, certificateGate: { isOpen: true, why: "" } });
  gates(builder, 26, { isOpen: true, why: "" });
  builder.load({ fromS: 6, toS: 30 }, [
    { fromS: 0, toS: 15.95, node: "alpha" },
    { fromS: 22.45, toS: 99, node: "beta" },
  ]);
  return ending(builder, 30);
}

function restart(builder: HistoryBuilder, node: "alpha" | "beta", s: number): void {
  builder.fault({ fault: "reboot", nodes: [node], effectS: s, healS: s + 1.5 });
  builder.vanish(s + 0.5, node).rejoin(s + 1, node);
  builder.mark(s + 1.6, "repaired", { node }).mark(s + 2, "recovered", { node });
}

function shown(builder: HistoryBuilder, s: number, end: Partial<HandshakeEvent>): void {
  tried(
    builder,
    s,
    certificates().map((one) => (one.end.outcome === "served" ? { ...one, end: { ...one.end, ...end } } : one)),
  );
}

function gates(builder: HistoryBuilder, s: number, certificate: { isOpen: boolean; why: string }): void {
  for (const node of ["alpha", "beta"] as const)
    builder.add({ t: atNs(s), type: "gates", node, gates: { certificate } });
}
