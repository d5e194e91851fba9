// Faults of a node whose own log does not cover the time: it was cut short, or is missing. Only what the others saw
// tells them. Pure.

import type { NodeName } from "#spec/node.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { Loss } from "../timeline/losses.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { earliestLoss, firstLines } from "./node-losses.ts";
import { observersAt } from "./pauses.ts";
import { type Proposal, startBetween } from "./proposal.ts";

/** A line this near to a loss covers it. */
const coveredMs = 500;

/** `losses`: those that nothing else explains. */
export function unseenFaults(losses: readonly Loss[], timeline: Timeline): Proposal[] {
  return timeline.logs.flatMap(({ node }) => {
    const span = timeline.spans.find((one) => one.node === node);
    const isUncovered = ({ fromMs, toMs }: Loss): boolean =>
      !span || fromMs > span.toMs + coveredMs || toMs < span.fromMs - coveredMs;
    const mine = losses.filter((one) => one.lost === node && isUncovered(one));
    const groups: Loss[][] = [];
    for (const loss of mine) {
      const current = groups.at(-1);
      if (current && loss.fromMs - current[0]!.fromMs < 5_000) current.push(loss);
      else groups.push([loss]);
    }
    return groups.map((group) => unseen(node, group, timeline));
  });
}

function unseen(node: NodeName, group: Loss[], timeline: Timeline): Proposal {
  const firstMs = Math.min(...group.map(({ fromMs }) => fromMs));
  const known = earliestLoss(group, { node, atMs: firstMs }, timeline);
  const isOver = group.some((one) => one.isOver);
  const isAlone = observersAt(firstMs, node, timeline) > 1 && new Set(group.map(({ observer }) => observer)).size === 1;
  const { fault, because, alternatives } = isAlone ? oneEdge(node, group[0]!) : likeliest(node, group);
  return {
    fault,
    ...startBetween(known.guessMs, known.guessMs - 40_000, known.notAfterMs),
    ...(isOver ? { untilMs: Math.max(...group.map(({ toMs }) => toMs)) } : {}),
    confidence: "weak",
    because: [`${node}'s own log does not cover this time`, because],
    alternatives,
    lines: firstLines(group),
  };
}

interface Likely {
  fault: FaultSpec;
  because: string;
  alternatives: string[];
}

/** Only one of the others lost it. */
const oneEdge = (node: NodeName, { observer }: Loss): Likely => ({
  fault: { fault: "cut", node, peers: [observer], segments: ["zone"], direction: "both" },
  because: `only ${observer} lost it`,
  alternatives: [`a link of ${observer}`],
});

function likeliest(node: NodeName, group: readonly Loss[]): Likely {
  const isSilent = group.some((one) => one.isSilent);
  const isRefused = group.some(({ refused }) => refused > 0);
  const isUnanswered = group.some(({ unanswered }) => unanswered > 1);
  if (!isSilent)
    return {
      fault: { fault: "kill", node },
      because: "its kernel ended the connections at once",
      alternatives: ["stop", "reboot", "process-kill of nats-server"],
    };
  if (!isUnanswered && !isRefused)
    return {
      fault: { fault: "pause", node },
      because: "its routes went silent, but new connections were taken",
      alternatives: ["process-freeze of nats-server"],
    };
  if (isRefused)
    return {
      fault: { fault: "power", node },
      because: "its routes went silent, and before they came back its kernel refused connections: it had started anew",
      alternatives: ["cut, then a restart"],
    };
  return {
    fault: { fault: "cut", node, segments: ["zone", "control"], direction: "both" },
    because: "its routes went silent and nothing answered, with no sign that it started anew",
    alternatives: ["power", "kill behind a cut"],
  };
}
