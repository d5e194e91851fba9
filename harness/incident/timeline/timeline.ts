// One timeline of three nodes on one clock: the clock of the first node, alpha where its log is there. Pure.

import type { NodeName } from "#spec/node.ts";
import { type Addresses, addressesOf } from "./addresses.ts";
import { type Alignment, alignClocks } from "./align-clocks.ts";
import type { NodeLog, SeenInLog, Silence } from "./node-log.ts";

/** A sign with all its times on the common clock. */
export type TimedSign = SeenInLog;

export interface NodeSpan {
  node: NodeName;
  fromMs: number;
  toMs: number;
}

export interface Timeline {
  logs: readonly NodeLog[];
  addresses: Addresses;
  alignment: Alignment;
  /** In order of the common clock. */
  signs: TimedSign[];
  silences: (Silence & { node: NodeName })[];
  /** What each node's log covers. A node with an empty log has none. */
  spans: NodeSpan[];
  /** Of logs that end before the others or were damaged; in words. */
  shortLogs: string[];
}

/** One log that ends this much before the others was cut short, or its node died. */
const endsEarlyMs = 5_000;

export function timelineOf(logs: readonly NodeLog[]): Timeline {
  const addresses = addressesOf(logs);
  const alignment = alignClocks(logs, addresses);
  const offsetOf = new Map(alignment.clocks.map(({ node, ms }) => [node, ms ?? 0]));
  const signs = logs
    .flatMap(({ node, seen }) => seen.map((one) => shifted(one, offsetOf.get(node)!)))
    .sort((a, b) => a.atMs - b.atMs);
  const silences = logs.flatMap(({ node, silences: all }) => {
    const by = offsetOf.get(node)!;
    return all.map(({ fromMs, toMs }) => ({ node, fromMs: fromMs - by, toMs: toMs - by }));
  });
  const spans = logs.flatMap(({ node, files }) => {
    const firsts = files.flatMap(({ firstMs }) => firstMs ?? []);
    const lasts = files.flatMap(({ lastMs }) => lastMs ?? []);
    if (firsts.length === 0) return [];
    const by = offsetOf.get(node)!;
    return [{ node, fromMs: Math.min(...firsts) - by, toMs: Math.max(...lasts) - by }];
  });
  const timeline = { logs, addresses, alignment, signs, silences, spans };
  return { ...timeline, shortLogs: shortLogsOf(timeline) };
}

function shifted(seen: SeenInLog, byMs: number): TimedSign {
  const { programBeforeMs, nodeBeforeMs, ...rest } = seen;
  return {
    ...rest,
    atMs: seen.atMs - byMs,
    ...(programBeforeMs === undefined ? {} : { programBeforeMs: programBeforeMs - byMs }),
    ...(nodeBeforeMs === undefined ? {} : { nodeBeforeMs: nodeBeforeMs - byMs }),
  };
}

/** Says for each log that ends early whether the others still heard its node. */
function shortLogsOf({ logs, spans, signs, addresses }: Omit<Timeline, "shortLogs">): string[] {
  const lastMs = Math.max(...spans.map(({ toMs }) => toMs));
  return logs.flatMap(({ node, files }) => {
    const span = spans.find((one) => one.node === node);
    if (!span) return [`${node}: no line with a time stamp`];
    const words = files.flatMap(({ damage, endsInALine, path }) => {
      if (damage !== undefined) return [`${node}: ${path}: ${damage}`];
      return endsInALine ? [`${node}: ${path} ends in the middle of a line, or has no last line end`] : [];
    });
    if (lastMs - span.toMs < endsEarlyMs) return words;
    const heard = signs.filter((one) => one.atMs > span.toMs + 1_000 && isHeard(one, node, addresses));
    const gap = `${((lastMs - span.toMs) / 1000).toFixed(1)} s before the last line of all`;
    const why = heard[0]
      ? `it was cut short: ${heard[0].node} heard ${node} ${((heard[0].atMs - span.toMs) / 1000).toFixed(1)} s after its last line (line ${heard[0].line})`
      : "it was cut short, or the node had nothing to write (a standby and a quorum node are quiet)";
    return [...words, `${node}: the log ends ${gap}; ${why}`];
  });
}

/** Another node heard this one speak: its route came back, its adverts were heard, or it was elected. */
function isHeard({ node, sign }: TimedSign, other: NodeName, addresses: Addresses): boolean {
  if (node === other) return false;
  if (sign.kind === "route-created" || (sign.kind === "route-closed" && sign.why === "Duplicate Route"))
    return addresses.get(sign.address) === other;
  if (sign.kind === "master-is" || sign.kind === "heard-advert") return addresses.get(sign.address) === other;
  return sign.kind === "meta-leader" && sign.name === other;
}
