// Links that carried nothing while both ends ran. Pure.

import { type NodeName, nodeNames, type Segment, serviceNodes } from "#spec/node.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { Loss } from "../timeline/losses.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";
import { earliestLoss, firstLines } from "./node-losses.ts";
import { type Proposal, startBetween } from "./proposal.ts";

/** Two nodes that lost each other. */
interface Edge {
  nodes: [NodeName, NodeName];
  fromMs: number;
  toMs: number;
  losses: Loss[];
}

/** Edges that break within this time were one cut. A silent route is noticed up to 2 s later at one end. */
const sameCutMs = 5_000;

/** `losses`: those that no node's own fault explains. */
export function cuts(losses: readonly Loss[], timeline: Timeline): Proposal[] {
  const groups: Edge[][] = [];
  for (const edge of edgesOf(losses)) {
    const current = groups.find((group) => Math.abs(group[0]!.fromMs - edge.fromMs) < sameCutMs);
    if (current) current.push(edge);
    else groups.push([edge]);
  }
  const zoneCuts = groups.flatMap((group) => cutOf(group, timeline));
  return [...zoneCuts, ...controlCuts(timeline, zoneCuts)];
}

function edgesOf(losses: readonly Loss[]): Edge[] {
  const edges: Edge[] = [];
  for (const [index, a] of nodeNames.entries())
    for (const b of nodeNames.slice(index + 1)) {
      const forth = losses.filter(({ observer, lost }) => observer === a && lost === b);
      const back = losses.filter(({ observer, lost }) => observer === b && lost === a);
      for (const one of forth) {
        const other = back.find(({ fromMs, toMs }) => fromMs <= one.toMs + 1_000 && toMs >= one.fromMs - 1_000);
        if (!other || !isCutOff(one) || !isCutOff(other)) continue;
        const both = [one, other];
        edges.push({
          nodes: [a, b],
          fromMs: Math.min(...both.map(({ fromMs }) => fromMs)),
          toMs: Math.max(...both.map(({ toMs }) => toMs)),
          losses: both,
        });
      }
    }
  return edges.sort((x, y) => x.fromMs - y.fromMs);
}

/**
 * Nothing came through: the route went silent at both ends, or dialling had no answer. A node that was paused finds its
 * routes broken instead, when it goes on.
 */
const isCutOff = ({ isSilent, unanswered, refused }: Loss): boolean => refused === 0 && (isSilent || unanswered > 0);

function cutOf(edges: Edge[], timeline: Timeline): Proposal[] {
  const untilMs = Math.max(...edges.map(({ toMs }) => toMs));
  const losses = edges.flatMap((edge) => edge.losses);
  return specsOf(edges).map((spec) => {
    const mine = losses.filter(({ observer, lost }) => observer === spec.node || lost === spec.node);
    const known = earliestLoss(
      mine,
      { node: spec.node, atMs: Math.min(...mine.map(({ fromMs }) => fromMs)) },
      timeline,
    );
    const timeouts = advertTimeouts(timeline, known.guessMs, untilMs).filter(() => isOfService(spec));
    const link = linkLine(spec.node, known.guessMs, timeline);
    const segments: Segment[] = timeouts.length > 0 ? ["zone", "control"] : ["zone"];
    return {
      fault: link ? { fault: "link-down", node: spec.node, segments } : { ...spec, segments },
      ...startBetween(known.guessMs, known.guessMs - 40_000, known.notAfterMs),
      untilMs,
      confidence: "strong",
      because: [
        `${edges.map(({ nodes }) => nodes.join(" and ")).join(", ")} lost each other's route, and both wrote lines while it lasted`,
        ...(timeouts.length > 0 ? ["VRRP adverts did not come through either"] : []),
      ],
      alternatives: spec.peers ? [] : [`a cut that leaves the clients' way to ${spec.node} open`],
      lines: [...(link ? [link] : []), ...firstLines(mine), ...timeouts],
    };
  });
}

const linkLine = (node: NodeName, nearMs: number, { signs }: Timeline): TimedSign | undefined =>
  signs.find((one) => one.node === node && one.sign.kind === "link-down" && Math.abs(one.atMs - nearMs) < 8_000);

/** One node off from both others, one edge, or all three nodes off from each other. */
function specsOf(edges: readonly Edge[]): SpecOf<"cut">[] {
  const base = { fault: "cut", segments: ["zone"], direction: "both" } as const;
  const degree = (name: NodeName): number => edges.filter(({ nodes }) => nodes.includes(name)).length;
  if (edges.length === 1) {
    const [node, peer] = edges[0]!.nodes;
    return [{ ...base, node, peers: [peer], segments: ["zone"] }];
  }
  const off = nodeNames.filter((name) => degree(name) >= 2);
  // Three edges: two nodes off leave none.
  return (off.length === 3 ? off.slice(0, 2) : off).map((node) => ({ ...base, node, segments: ["zone"] }));
}

const isOfService = ({ node, peers }: SpecOf<"cut">): boolean =>
  node !== "gamma" && (peers === undefined || peers.some((peer) => peer === "alpha" || peer === "beta"));

function advertTimeouts({ signs }: Timeline, fromMs: number, toMs: number): TimedSign[] {
  return signs.filter(({ sign, atMs }) => sign.kind === "advert-timeout" && atMs > fromMs && atMs < toMs);
}

/** keepalived takes over about this long after the last advert, with the times of the reference zone. */
const takeoverMs = 4_400;

/** The backup heard no advert, although the master's keepalived ran on and its routes held. */
function controlCuts(timeline: Timeline, zoneCuts: readonly Proposal[]): Proposal[] {
  const { signs } = timeline;
  return signs.flatMap((timeout) => {
    if (timeout.sign.kind !== "advert-timeout") return [];
    const master = serviceNodes.find((name) => name !== timeout.node)!;
    const before = lastRole(master, timeout.atMs, timeline);
    const isTold = zoneCuts.some((one) => one.atMs <= timeout.atMs && timeout.atMs <= (one.untilMs ?? Infinity));
    if (before?.sign.kind !== "master" || isTold) return [];
    const end = signs.find(
      ({ atMs, sign, node }) =>
        atMs > timeout.atMs &&
        (sign.kind === "heard-advert" ||
          sign.kind === "master-is" ||
          (sign.kind === "backup" && (node === master || node === timeout.node))),
    );
    const isCovered = timeline.spans.some(({ node, toMs }) => node === master && toMs >= timeout.atMs);
    return [
      {
        fault: { fault: "cut", node: "alpha", peers: ["beta"], segments: ["control"], direction: "both" },
        ...startBetween(timeout.atMs - takeoverMs, timeout.atMs - 10_000, timeout.atMs - 2_000),
        ...(end ? { untilMs: end.atMs } : {}),
        confidence: !isCovered ? "weak" : end && end.node !== timeout.node ? "strong" : "fair",
        because: [
          isCovered
            ? `${timeout.node} heard no advert, although ${master} stayed MASTER and its keepalived ran on`
            : `${timeout.node} heard no advert, and the routes to ${master} held; the log of ${master} does not cover the time`,
        ],
        alternatives: [
          "a filter for VRRP (IP protocol 112) alone",
          `keepalived on ${master} ${isCovered ? "frozen" : "killed or frozen"}`,
        ],
        lines: [before, timeout, ...(end ? [end] : [])],
      },
    ];
  });
}

export function lastRole(node: NodeName, beforeMs: number, { signs }: Timeline): TimedSign | undefined {
  return signs.findLast(
    (one) => one.node === node && one.atMs < beforeMs && /^(?:master|backup|fault)$/.test(one.sign.kind),
  );
}
