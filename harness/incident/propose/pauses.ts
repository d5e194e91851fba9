// A node, or one program of it, that stood still and went on without a restart. Pure.

import { isServiceNode, type NodeName } from "#spec/node.ts";
import type { Loss } from "../timeline/losses.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";
import { earliestLoss, firstLines, seconds } from "./node-losses.ts";
import { type Proposal, startBetween } from "./proposal.ts";

/** keepalived logs shorter delays of its timers too, on a busy machine. */
const pauseMinMs = 1_500;

export function pauses(losses: readonly Loss[], timeline: Timeline): Proposal[] {
  return timeline.logs.flatMap(({ node }) => {
    const byTimer = lateTimers(node, timeline).map((late) => fromTimer(late, losses, timeline));
    const bySilence = silentLosses(node, losses, timeline).flatMap((group) => fromLosses(node, group, timeline));
    return [...byTimer, ...bySilence.filter((one) => !byTimer.some((other) => isSamePause(one, other)))];
  });
}

const isSamePause = (a: Proposal, b: Proposal): boolean =>
  a.atMs <= (b.untilMs ?? Infinity) && b.atMs <= (a.untilMs ?? Infinity);

interface Late {
  node: NodeName;
  fromMs: number;
  toMs: number;
  line: TimedSign;
}

/** keepalived says two lines for one delay. */
function lateTimers(node: NodeName, { signs }: Timeline): Late[] {
  const found: Late[] = [];
  for (const seen of signs) {
    if (seen.node !== node || seen.sign.kind !== "late-timer") continue;
    const ms = Number(seen.sign.seconds) * 1000;
    if (ms < pauseMinMs || seen.atMs - (found.at(-1)?.toMs ?? -Infinity) < 500) continue;
    found.push({ node, fromMs: seen.atMs - ms, toMs: seen.atMs, line: seen });
  }
  return found;
}

function fromTimer({ node, fromMs, toMs, line }: Late, losses: readonly Loss[], timeline: Timeline): Proposal {
  const seen = losses.filter((one) => one.lost === node && one.fromMs >= fromMs - 500 && one.fromMs <= toMs + 1_500);
  const timeout = timeline.signs.filter(
    (one) => one.sign.kind === "advert-timeout" && one.node !== node && one.atMs > fromMs && one.atMs < toMs + 1_000,
  );
  const spoke = timeline.signs.filter(
    (one) => one.node === node && one.program !== "keepalived" && one.atMs > fromMs + 1_500 && one.atMs < toMs - 500,
  );
  const others = [...firstLines(seen), ...timeout];
  // The adverts go out once a second, so the timer was due up to a second after the stop.
  const start = startBetween(fromMs - 500, fromMs - 1_000, fromMs);
  const until = { untilMs: toMs, alternatives: [] };
  if (spoke.length > 0)
    return {
      fault: { fault: "process-freeze", node, process: "keepalived" },
      ...start,
      ...until,
      confidence: timeout.length > 0 ? "strong" : "fair",
      because: [
        `keepalived on ${node} stood still for ${seconds(toMs - fromMs)}, while other programs there wrote lines`,
      ],
      lines: [line, ...spoke.slice(0, 2), ...timeout],
    };
  return {
    fault: { fault: "pause", node },
    ...start,
    ...until,
    confidence: others.length > 0 ? "strong" : "fair",
    because: [
      `keepalived on ${node} says that it was held up for ${seconds(toMs - fromMs)}; no program there wrote a line or began again`,
    ],
    lines: [line, ...others],
  };
}

/** Losses of one node that begin together, silent, while its kernel still answered. */
function silentLosses(node: NodeName, losses: readonly Loss[], timeline: Timeline): Loss[][] {
  const groups: Loss[][] = [];
  for (const loss of losses) {
    if (loss.lost !== node || !loss.isSilent || loss.unanswered + loss.refused > 1) continue;
    const current = groups.at(-1);
    if (current && loss.fromMs - current[0]!.fromMs < 4_000) current.push(loss);
    else groups.push([loss]);
  }
  // One observer alone may have been the one in trouble, unless the log of the other one does not cover the time.
  return groups.filter((group) => group.length > 1 || observersAt(group[0]!.fromMs, node, timeline) === 1);
}

/** How many other nodes have a log that covers this time. */
export function observersAt(atMs: number, node: NodeName, { spans }: Timeline): number {
  return spans.filter((one) => one.node !== node && one.fromMs <= atMs && atMs <= one.toMs).length;
}

function fromLosses(node: NodeName, group: Loss[], timeline: Timeline): Proposal[] {
  const { signs } = timeline;
  const known = earliestLoss(group, { node, atMs: group[0]!.fromMs }, timeline);
  const own = signs.filter((one) => one.node === node);
  const after = own.find((one) => one.atMs >= group[0]!.fromMs - 500 && one.program === "nats-server");
  if (after && (after.sign.kind === "started" || after.sign.kind === "booted")) return [];
  const untilMs = after?.atMs ?? Math.max(...group.map(({ toMs }) => toMs));
  const spoke = own.filter(
    (one) => one.program !== "nats-server" && one.atMs > known.notAfterMs - 3_000 && one.atMs < untilMs - 200,
  );
  const isServer = spoke.length > 0;
  // The log of the quorum node has lines of nats-server only.
  const canTell = isServiceNode(node) || own.some(({ program }) => program !== "nats-server");
  return [
    {
      fault: isServer ? { fault: "process-freeze", node, process: "nats-server" } : { fault: "pause", node },
      ...startBetween(known.guessMs, Math.min(group[0]!.fromMs - 40_000, known.guessMs), known.notAfterMs),
      untilMs,
      confidence: isServer || !canTell || group.length === 1 ? "fair" : "strong",
      because: [
        `the routes of ${group.map(({ observer }) => observer).join(" and ")} to ${node} went silent, ${node} still took new connections, and its programs never began again`,
      ],
      alternatives: isServer || canTell ? [] : [`process-freeze of nats-server on ${node}`],
      lines: [...firstLines(group), ...spoke.slice(0, 2), ...(after ? [after] : [])],
    },
  ];
}
