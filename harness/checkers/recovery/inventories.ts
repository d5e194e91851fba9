// What replicas were found to hold, read apart from each other: compared with one another and with what was read back.
// Lookups that the recovery entries share; it judges nothing.

import { createHash } from "node:crypto";
import type { ReplicaDumpEvent } from "#history/event.ts";
import { blockRange, replicaDumpBlock, replicaDumpLine } from "#history/replica-dump.ts";
import { type At, eventsOf, type HistoryView, markOf } from "#history/view.ts";

export type ReplicaDump = At<ReplicaDumpEvent>;

/** The inventories under one label. */
export function replicaDumpsOf(view: HistoryView, label: string): ReplicaDump[] {
  return eventsOf(view.history, "replica-dump").filter(({ event }) => event.label === label);
}

type Held = Pick<ReplicaDumpEvent, "messages" | "blocks">;

/**
 * The facts from `from` to `to` as the audit at the end read them, in the form of an inventory. One that was read twice, since a
 * reading in pages did not come to its end, is one fact; two different ones at an offset are for DUR-6 to find.
 */
export function auditedAs(view: HistoryView, { from, to }: Pick<ReplicaDumpEvent, "from" | "to">): Held {
  const sinceIndex = markOf(view, "load-stopped")?.index ?? Infinity;
  const byOffset = new Map(
    eventsOf(view.history, "stored")
      .filter(({ event, index }) => index > sinceIndex && event.offset >= from && event.offset <= to)
      .map(({ event }) => [event.offset, event]),
  );
  const facts = [...byOffset.values()].sort((a, b) => a.offset - b.offset);
  const lines = new Map<number, string[]>();
  for (const fact of facts) {
    const block = replicaDumpBlock(fact.offset);
    lines.set(block, [...(lines.get(block) ?? []), replicaDumpLine(fact)]);
  }
  const blocks = [...lines].map(([block, all]) => [String(block), digestOf(all)]);
  return { messages: facts.length, blocks: Object.fromEntries(blocks) as Record<string, string> };
}

function digestOf(lines: readonly string[]): string {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line);
  return hash.digest("hex");
}

/** Words for the first difference; null when both hold the same messages. */
export function difference(one: Held, other: Held): string | null {
  const blocks = [...new Set([...Object.keys(one.blocks), ...Object.keys(other.blocks)])]
    .map(Number)
    .sort((a, b) => a - b);
  const first = blocks.find((block) => one.blocks[block] !== other.blocks[block]);
  if (first === undefined && one.messages === other.messages) return null;
  const [from, to] = blockRange(first ?? 0);
  return `${one.messages} messages against ${other.messages}, and the first difference between ${from} and ${to}`;
}
