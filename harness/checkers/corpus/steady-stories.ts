// Two scenarios as a correct zone would live them: looked at while all is well, and looked at through a failover.

import type { HistoryEvent } from "#history/event.ts";
import { type NodeName, serviceNodes } from "#spec/node.ts";
import { gateNames } from "#spec/zone-spec.ts";
import { atNs, HistoryBuilder } from "./builder.ts";
import { attempted, captured, controlAddress, looked } from "./looks.ts";
import { ending, opening, takeover } from "./stories.ts";

export const lookEntries = (
  "ROLE-1 ROLE-2 ROLE-3 NET-2 NET-3 NET-4 NET-5 STO-1 STO-5 " + "DUR-1 DUR-2 DUR-3 INV-1 INV-2 INV-4 INV-5 INV-6"
).split(" ");
export const failoverEntries = "ROLE-2 NET-5 STO-2 STO-5 INV-1 INV-3 INV-4 INV-5".split(" ");

const artifact = { key: "triad/steady-1", digest: "abcdef0123456789", bytes: 65_536 };
const path = "triad/steady-1";

/** Nothing is done to the zone but to look: six seconds from steady on. */
export function steadyLook(): HistoryBuilder {
  const builder = new HistoryBuilder("steady-look", [...lookEntries, "DUAL-0", "DUR-6"]);
  withControl(builder);
  opening(builder);
  looked(builder, 10.2, { active: "alpha" });
  captured(builder, 11);
  attempted(builder, 11.2);
  confirm(builder, 11.3);
  put(builder, 11.5);
  call(builder, { s: 11.7, op: 80_002, f: "get", node: "alpha", digest: artifact.digest });
  listed(builder, 14.2, serviceNodes);
  searched(builder, 14.4);
  gates(builder, 14.6, "alpha");
  looked(builder, 15, { active: "alpha" });
  builder.load({ fromS: 6, toS: 17 }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  return ending(builder, 17);
}

/** Alpha is killed at second 12 and repaired at 45; an artifact was put on it before. */
export function steadyFailover(): HistoryBuilder {
  const builder = takeover({ scenario: "steady-failover", entries: [...failoverEntries, "DUAL-0", "DUR-6"] });
  withControl(builder);
  looked(builder, 10.2, { active: "alpha" });
  gates(builder, 10.5, "alpha");
  confirm(builder, 10.7);
  put(builder, 11);
  listed(builder, 11.3, serviceNodes);
  readBack(builder, 30);
  call(builder, { s: 31, op: 80_002, f: "get", node: "beta", error: "rpc-not-found" });
  listed(builder, 31.2, ["beta"]);
  gates(builder, 31.4, "beta");
  looked(builder, 32, { active: "beta", nodes: ["beta", "gamma"] });
  looked(builder, 50, { active: "beta" });
  listed(builder, 51, serviceNodes);
  return builder;
}

function withControl(builder: HistoryBuilder): void {
  const { nodes } = builder.header.zone;
  for (const name of serviceNodes) nodes[name] = { ...nodes[name], controlAddress: controlAddress[name] };
}

function call(
  builder: HistoryBuilder,
  of: { s: number; op: number; f: "put" | "get" | "confirm"; node: NodeName; digest?: string; error?: string },
): void {
  const { s, op, f, node, digest, error } = of;
  const base = {
    op,
    process: f === "confirm" ? "client-reader" : "caller",
    f,
    ...(f === "confirm" ? {} : { key: artifact.key }),
  };
  const told = { ...(digest ? { digest } : {}), ...(error ? { error } : {}) };
  builder.add({ t: atNs(s), type: "invoke", ...base, ...(f === "put" && digest ? { digest } : {}) });
  builder.add({ t: atNs(s + 0.02), type: error ? "fail" : "ok", ...base, node, ...told });
}

const put = (builder: HistoryBuilder, s: number) =>
  call(builder, { s, op: 80_001, f: "put", node: "alpha", digest: artifact.digest });
const confirm = (builder: HistoryBuilder, s: number) => call(builder, { s, op: 80_000, f: "confirm", node: "alpha" });

/** The artifact lies on alpha. */
function listed(builder: HistoryBuilder, s: number, nodes: readonly NodeName[]): void {
  const lies = { path, bytes: artifact.bytes, digest: artifact.digest };
  for (const node of nodes)
    builder.add({ t: atNs(s), type: "files", node, folder: "/artifacts", files: node === "alpha" ? [lies] : [] });
}

function searched(builder: HistoryBuilder, s: number): void {
  const search = (node: NodeName, folder: string, found: string[]): HistoryEvent => ({
    t: atNs(s),
    type: "search",
    node,
    folder,
    key: artifact.key,
    filesRead: 39,
    bytesRead: 340_000,
    found,
  });
  builder.add(search("alpha", "/artifacts", [path])).add(search("beta", "/artifacts", []));
  for (const node of ["alpha", "beta", "gamma"] as const) builder.add(search(node, "/data/jetstream", []));
}

function gates(builder: HistoryBuilder, s: number, node: NodeName): void {
  const open = Object.fromEntries(gateNames.map((name) => [name, { isOpen: true, why: "" }]));
  builder.add({ t: atNs(s), type: "gates", node, gates: open });
}

/** Every fact acknowledged so far is read from a server that runs. */
function readBack(builder: HistoryBuilder, s: number): void {
  const before = builder.events.flatMap((one) => (one.type === "ok" && one.t < atNs(s) ? (one.offset ?? []) : []));
  const stored = builder.events.filter((one) => one.type === "stored");
  for (const one of stored) if (before.includes(one.offset)) builder.add({ ...one, t: atNs(s) });
  builder.mark(s + 0.1, "read-back", { isReadable: true });
}
