// Compares replica dumps with each other and with the facts read back. The recovery entries share these queries.

import { createHash } from "node:crypto";
import type { ReplicaDumpEvent } from "#history/event.ts";
import { blockRange, replicaDumpBlock, replicaDumpLine } from "#history/replica-dump.ts";
import { type At, eventsOf, type HistoryView, markOf } from "#history/view.ts";

export type ReplicaDump = At<ReplicaDumpEvent>;

/** The replica dumps of one label. */
export function replicaDumpsOf(view: HistoryView, label: string): ReplicaDump[] {
  return eventsOf(view.history, "replica-dump").filter(({ event }) => event.label === label);
}

type Held = Pick<ReplicaDumpEvent, "messages" | "blocks">;

/**
 * The facts from `from` to `to` as the final audit read them, in the form of a replica dump. A fact that was read
 * twice, because the reading began again, counts once. DUR-6 finds two different facts at one offset.
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

/** A sentence for the first difference; null when both hold the same messages. */
export function difference(one: Held, other: Held): string | null {
  const blocks = [...new Set([...Object.keys(one.blocks), ...Object.keys(other.blocks)])]
    .map(Number)
    .sort((a, b) => a - b);
  const first = blocks.find((block) => one.blocks[block] !== other.blocks[block]);
  if (first === undefined && one.messages === other.messages) return null;
  const [from, to] = blockRange(first ?? 0);
  return `${one.messages} messages against ${other.messages}, and the first difference between ${from} and ${to}`;
}
