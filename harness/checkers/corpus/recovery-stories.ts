// Scenarios of suite "recovery" as a correct zone would live them: gamma comes back without its store, and a zone is founded
// anew from a snapshot. Cases bend them.

import { createHash } from "node:crypto";
import type { HistoryEvent } from "#history/event.ts";
import type { InventoryEvent } from "#history/recovery-event.ts";
import { inventoryLine } from "#history/inventory.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { atNs, HistoryBuilder } from "./builder.ts";
import { bend } from "./case.ts";
import { ending, opening } from "./stories.ts";

const facts = "facts_operational";
const lostS = 12;
const backS = 15;
const currentS = 19.5;

export interface ReturnStory {
  identity?: "same" | "new";
  lostBytes?: number;
  /** Who the voters are at the end. */
  voters?: string[];
}

/** REC-1 and REC-2: gamma goes at 12 and its store with it, is back at 15 and current at 19.5; alpha serves throughout. */
export function comesBack(entry: "REC-1" | "REC-2", story: ReturnStory = {}): HistoryBuilder {
  const { identity = "same", lostBytes = 9_900_000, voters = ["alpha", "beta", "gamma"] } = story;
  const builder = new HistoryBuilder(entry === "REC-1" ? "rec-1-wiped" : "rec-2-rebuilt", [entry]);
  opening(builder);
  const fault = entry === "REC-1" ? "wiped" : "rebuilt";
  builder.fault({ fault, nodes: ["gamma"], effectS: lostS, healS: backS, detail: { identity } });
  builder.vanish(lostS, "gamma").rejoin(backS, "gamma");
  builder.mark(backS + 0.1, "repaired", { node: "gamma" });
  const caughtUp = { node: "gamma", bytes: 9_700_000, receivedBytes: 10_100_000, streams: [facts] };
  builder.mark(currentS, "caught-up", caughtUp).load({ fromS: 6, toS: 56 }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  builder.add({
    t: atNs(41),
    type: "server",
    node: "alpha",
    isReachable: true,
    metaSize: voters.length,
    voters: voters.map((name) => ({ name, isOnline: true })),
  });
  ending(builder);
  builder.add(inventoryOf(builder, { s: 40, label: "returned", node: "gamma" }));
  return withLoss(builder, { files: 24, bytes: lostBytes, heldBytes: 9_600_000 });
}

/** What a fault found when it took effect. */
function withLoss(builder: HistoryBuilder, detail: Record<string, number>): HistoryBuilder {
  return bend(builder, (event) =>
    event.type === "fault" && event.phase === "effective" ? { ...event, detail } : event,
  );
}

interface Place {
  s: number;
  label: string;
  node: NodeName;
}

/** The facts that were acknowledged by then, as the replica of a node held them. Few enough for one block. */
function inventoryOf(builder: HistoryBuilder, { s, label, node }: Place): InventoryEvent {
  const oks = builder.events.filter((event) => event.type === "ok" && event.f === "append" && event.t <= atNs(s));
  const held = builder.events.filter((event) => event.type === "stored").filter(({ offset }) => offset <= oks.length);
  const hash = createHash("sha256");
  for (const fact of held) hash.update(inventoryLine(fact));
  const part = { label, node, stream: facts, from: 1, to: held.length, messages: held.length, consumers: [] };
  return { t: atNs(s), type: "inventory", ...part, blocks: { 0: hash.digest("hex") } };
}

/** REC-3 and REC-5: nobody writes from 20 to 45; corrupted at 25, all lost at 28, founded anew at 31, restored at 42. */
export function restoredAnew(entry: "REC-3" | "REC-5"): HistoryBuilder {
  const builder = new HistoryBuilder("rec-3-corrupted", [entry]);
  opening(builder);
  builder.mark(20, "load-paused").mark(23, "snapshot", { server: "2.10.27" });
  for (const kind of ["help", "docs", "manifest", ...nodeNames])
    builder.add({ t: atNs(24), type: "texts", kind, read: 7, claims: [], denials: kind === "docs" ? 3 : 0 });
  builder.fault({ fault: "facts-deleted", nodes: ["gamma"], effectS: 25, healS: 31 });
  for (const node of nodeNames) {
    builder.fault({ fault: "rebuilt", nodes: [node], effectS: 28, healS: 31, detail: { identity: "same" } });
    builder.vanish(28, node).rejoin(31, node);
  }
  builder.promote(37, "alpha").mark(42, "restored", { messages: 207, bytes: 9_800_000, tookMs: 4_100 });
  builder.mark(45, "load-resumed");
  for (const [fromS, toS] of [
    [6, 20],
    [45, 56],
  ] as const)
    builder.load({ fromS, toS }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  ending(builder);
  for (const node of nodeNames) for (const event of inventoriesOn(builder, node)) builder.add(event);
  return builder;
}

/** Of the facts before, corrupted and after, and of the cursors and of the audit stream with its consumer before and after. */
function inventoriesOn(builder: HistoryBuilder, node: NodeName): InventoryEvent[] {
  const clean = inventoryOf(builder, { s: 21, label: "clean", node });
  const corrupt = { ...clean, t: atNs(26), label: "corrupt", messages: clean.messages - 25, blocks: { 0: "c0" } };
  const cursors = { ...clean, stream: "cursors", from: 3, to: 9, messages: 2, blocks: { 0: "0c" } };
  const consumers = [{ name: "triad-keeper", deliveredSeq: 40, ackedSeq: 40 }];
  const audit = { ...clean, stream: "facts_audit", to: 144, messages: 144, blocks: { 0: "a0" }, consumers };
  const all = [clean, cursors, audit];
  return [...all, corrupt, ...all.map((one) => ({ ...one, t: atNs(43), label: "restored" }))];
}

/** One inventory changed, or taken out. */
export function bendInventory(
  builder: HistoryBuilder,
  where: Partial<Pick<InventoryEvent, "label" | "node" | "stream">>,
  change: (event: InventoryEvent) => HistoryEvent | undefined,
): HistoryBuilder {
  const isMeant = (event: InventoryEvent) =>
    Object.entries(where).every(([name, value]) => event[name as keyof typeof where] === value);
  return bend(builder, (event) => (event.type === "inventory" && isMeant(event) ? change(event) : event));
}
