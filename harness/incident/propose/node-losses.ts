// Faults that take a whole node away, and faults that restart one program. Pure.

import type { NodeName } from "#spec/node.ts";
import type { ProcessName } from "#spec/faults.ts";
import type { Program } from "../logs/record.ts";
import type { Loss } from "../timeline/losses.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";
import { type Proposal, startBetween } from "./proposal.ts";
import type { Start } from "./starts.ts";

/** nats-server dials again about a second after a route ended, and gives up after one more. */
const dialMs = 2_000;
/** A stop and a start closer together are one restart. */
const rebootMs = 5_000;

/** A node that began again after it had been up. */
export function nodeRestarts(starts: readonly Start[], losses: readonly Loss[], timeline: Timeline): Proposal[] {
  return starts
    .filter((start) => start.beforeMs !== undefined && (start.isWholeNode || isUnanswered(start, losses)))
    .map((start) => {
      const seen = losses.filter(
        ({ lost, fromMs, toMs }) => lost === start.node && toMs >= start.beforeMs! && fromMs <= start.atMs,
      );
      return start.stopping.length > 0 ? orderly(start, seen) : abrupt(start, seen, timeline);
    });
}

/**
 * nats-server began again, and the others had no answer when they dialled: the whole node was away. A kernel that runs
 * refuses the connection.
 */
function isUnanswered(start: Start, losses: readonly Loss[]): boolean {
  return start.programs.includes("nats-server") && during(losses, start).some(({ unanswered }) => unanswered > 1);
}

function orderly(start: Start, seen: Loss[]): Proposal {
  const first = start.stopping[0]!;
  const isReboot = start.atMs - first.atMs < rebootMs;
  return {
    fault: { fault: isReboot ? "reboot" : "stop", node: start.node },
    ...startBetween(first.atMs - 200, first.atMs - 1_000, first.atMs),
    untilMs: start.atMs,
    confidence: seen.length > 0 ? "strong" : "fair",
    because: [
      `${start.node}'s programs said that they were asked to end, and began again ${seconds(start.atMs - first.atMs)} later`,
    ],
    alternatives: [],
    lines: [...start.stopping, ...start.lines, ...firstLines(seen)],
  };
}

function abrupt(start: Start, seen: Loss[], timeline: Timeline): Proposal {
  const before = start.beforeMs!;
  // A killed program's kernel ends its connections. A node without power says nothing, and its routes go silent.
  const isSilent = seen.length > 0 && seen.every((one) => one.isSilent);
  const known = earliestLoss(seen, start, timeline);
  const because = [
    `${start.node}'s log has no orderly end before its programs began again`,
    ...(seen.length === 0
      ? []
      : [
          isSilent
            ? "the others' routes to it went silent, so nothing ended their connections: no kernel was there to do it"
            : "the others dialled it at once: its kernel had ended the connections",
        ]),
  ];
  return {
    fault: { fault: isSilent ? "power" : "kill", node: start.node },
    ...startBetween(known.guessMs, before, known.notAfterMs),
    untilMs: start.atMs,
    confidence: seen.length === 0 ? "weak" : seen.length > 1 ? "strong" : "fair",
    because,
    alternatives: seen.length === 0 ? ["power", "pause and reset"] : [],
    lines: [...start.lines.slice(0, 2), ...firstLines(seen)],
  };
}

/** When the node was gone, by what the others say first. */
export function earliestLoss(
  seen: readonly Loss[],
  { node, atMs }: { node: NodeName; atMs: number },
  { signs }: Timeline,
): { guessMs: number; notAfterMs: number } {
  const guesses = seen.map(({ fromMs, isSilent, isClosed }) =>
    isClosed ? fromMs : fromMs - (isSilent ? silentMs : dialMs),
  );
  const notAfter = seen.map(({ fromMs }) => fromMs);
  const timeout = signs.find(
    (one) =>
      one.sign.kind === "advert-timeout" &&
      one.node !== node &&
      Math.abs(one.atMs - (notAfter[0] ?? one.atMs)) < 8_000 &&
      one.atMs <= atMs,
  );
  if (timeout) notAfter.push(timeout.atMs - advertGapMinMs);
  const latest = Math.min(atMs, ...notAfter);
  return { guessMs: guesses.length > 0 ? Math.min(...guesses) : latest, notAfterMs: latest };
}

/** With `ping_interval: 2s` and `ping_max: 2`. Other settings make it longer; the bounds stay right. */
const silentMs = 5_000;
/** keepalived waits for three adverts and a part of one, at least. */
const advertGapMinMs = 2_000;

const processOf: Partial<Record<Program, ProcessName>> = {
  keepalived: "keepalived",
  "nats-server": "nats-server",
  // The reference node's gate program; another's controller and gates are one.
  controller: "gate",
};

/** One program began again while its node ran on. */
export function processRestarts(starts: readonly Start[], losses: readonly Loss[]): Proposal[] {
  return starts.flatMap((start) => {
    const [program] = start.programs;
    const name = program && processOf[program];
    if (start.isWholeNode || start.beforeMs === undefined || name === undefined) return [];
    return name === "nats-server" && start.stopping.length > 0
      ? stoppedServer(start, losses)
      : [killed(start, name, losses)];
  });
}

function killed(start: Start, process: ProcessName, losses: readonly Loss[]): Proposal {
  const before = start.beforeMs!;
  const seen = process === "nats-server" ? during(losses, start) : [];
  const told = start.ended[0];
  const isOrderly = start.stopping.length > 0;
  const guessMs = told?.atMs ?? seen.find(({ isClosed }) => isClosed)?.fromMs ?? start.atMs - supervisorMs;
  return {
    fault: { fault: "process-kill", node: start.node, process },
    ...startBetween(guessMs, before, Math.min(start.atMs, ...seen.map(({ fromMs }) => fromMs))),
    untilMs: start.atMs,
    confidence: isOrderly ? "weak" : told || seen.length > 0 ? "strong" : "fair",
    because: [
      isOrderly
        ? `${process} on ${start.node} was asked to end and began again: no fault does that, a kill comes nearest`
        : `${process} on ${start.node} began again without an orderly end, while the other programs there ran on`,
    ],
    alternatives: isOrderly ? [`a restart of ${process} by hand`] : [],
    lines: [...start.ended, ...start.stopping, ...start.lines, ...firstLines(seen)],
  };
}

/** A supervisor starts a program again after about this long. */
const supervisorMs = 1_000;

function stoppedServer(start: Start, losses: readonly Loss[]): Proposal[] {
  const first = start.stopping[0]!;
  return [
    {
      fault: { fault: "service-down", node: start.node, service: "nats-server" },
      ...startBetween(first.atMs - 100, first.atMs - 1_000, first.atMs),
      untilMs: start.atMs,
      confidence: during(losses, start).length > 0 ? "strong" : "fair",
      because: [
        `nats-server on ${start.node} was asked to end, and began again ${seconds(start.atMs - first.atMs)} later`,
      ],
      alternatives: [],
      lines: [...start.stopping, ...start.lines, ...firstLines(during(losses, start))],
    },
  ];
}

const during = (losses: readonly Loss[], { node, beforeMs, atMs }: Start): Loss[] =>
  losses.filter(({ lost, fromMs, toMs }) => lost === node && toMs >= beforeMs! && fromMs <= atMs + 500);

export const firstLines = (losses: readonly Loss[]): TimedSign[] => losses.flatMap(({ lines }) => lines.slice(0, 2));

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
