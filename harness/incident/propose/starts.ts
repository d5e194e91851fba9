// When programs began again: one of them, or the whole node. Pure.

import type { NodeName } from "#spec/node.ts";
import type { Program } from "../logs/record.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";

export interface Start {
  node: NodeName;
  /** All of the node's programs that the log knows, or the operating system itself. */
  isWholeNode: boolean;
  programs: Program[];
  atMs: number;
  /** The last line before it, of the node or of the program; absent when the log begins with the start. */
  beforeMs?: number;
  /** Lines of the programs that say that they were asked to end. */
  stopping: TimedSign[];
  /** Lines of others that say how a program ended. */
  ended: TimedSign[];
  lines: TimedSign[];
}

/** All programs of a node start within this time. */
const sameStartMs = 12_000;
/** An orderly end takes at most this long. */
const orderlyMs = 20_000;

/** A log that begins with a start has a few lines before the one that says it. */
const logBeginsMs = 3_000;

export function startsOf(timeline: Timeline): Start[] {
  return timeline.logs.flatMap(({ node }) => {
    const beginsMs = timeline.spans.find((one) => one.node === node)?.fromMs ?? -Infinity;
    return startsOn(node, timeline).map((start) => {
      if (start.atMs - beginsMs > logBeginsMs) return start;
      const { beforeMs: _, ...first } = start;
      return first;
    });
  });
}

function startsOn(node: NodeName, { signs }: Timeline): Start[] {
  const own = signs.filter((one) => one.node === node);
  const groups: TimedSign[][] = [];
  for (const seen of own) {
    if (seen.sign.kind !== "started" && seen.sign.kind !== "booted") continue;
    const current = groups.at(-1);
    if (current && seen.atMs - current[0]!.atMs <= sameStartMs && !isAgain(seen, current)) current.push(seen);
    else groups.push([seen]);
  }
  const isVrrpKnown = own.some(({ program }) => program === "keepalived");
  return groups.flatMap((group) => splitInto(group, own, isVrrpKnown));
}

/** A program that begins twice was restarted in between. */
function isAgain({ sign }: TimedSign, group: readonly TimedSign[]): boolean {
  if (sign.kind !== "started") return false;
  return group.some(({ sign: other }) => other.kind === "started" && other.program === sign.program);
}

function splitInto(group: TimedSign[], own: readonly TimedSign[], isVrrpKnown: boolean): Start[] {
  const programs = new Set(group.flatMap(({ sign }) => (sign.kind === "started" ? [sign.program] : [])));
  const isBooted = group.some(({ sign }) => sign.kind === "booted");
  const isWholeNode = isBooted || (isVrrpKnown && programs.has("keepalived") && programs.has("nats-server"));
  if (isWholeNode) return [startOf(group, own, { isWholeNode, beforeMs: earliestBefore(group) })];
  return [...programs].map((program) => {
    const lines = group.filter(({ sign }) => sign.kind === "started" && sign.program === program);
    return startOf(lines, own, { isWholeNode, beforeMs: lines[0]!.programBeforeMs });
  });
}

/** Programs of one node reach its log in any order, so the line before all of them counts. */
function earliestBefore(group: readonly TimedSign[]): number | undefined {
  const before = group.map(({ nodeBeforeMs }) => nodeBeforeMs);
  return before.includes(undefined) ? undefined : Math.min(...(before as number[]));
}

function startOf(
  lines: TimedSign[],
  own: readonly TimedSign[],
  { isWholeNode, beforeMs }: { isWholeNode: boolean; beforeMs: number | undefined },
): Start {
  const first = lines[0]!;
  const programs = [...new Set(lines.flatMap(({ sign }) => (sign.kind === "started" ? [sign.program] : [])))];
  const fromMs = (beforeMs ?? first.atMs) - orderlyMs;
  const near = own.filter((one) => one.atMs >= fromMs && one.atMs <= first.atMs && one !== first);
  const isMine = (program: Program): boolean => isWholeNode || programs.includes(program);
  return {
    node: first.node,
    isWholeNode,
    programs,
    atMs: first.atMs,
    ...(beforeMs === undefined ? {} : { beforeMs }),
    stopping: near.filter(
      ({ sign }) => (sign.kind === "stopping" && isMine(sign.program)) || sign.kind === "shutting-down",
    ),
    ended: near.filter(({ sign }) => sign.kind === "ended" && isMine(sign.program)),
    lines,
  };
}
