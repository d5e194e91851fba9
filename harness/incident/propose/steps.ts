// The proposed faults as steps of a scenario: each at its time, each repaired at its time. Pure.

import { isServiceNode, type NodeName, otherServiceNode, type ServiceNode } from "#spec/node.ts";
import type { Step } from "#spec/steps.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Proposal } from "./proposal.ts";

interface Act {
  atMs: number;
  step: Step;
  /** Of a fault. */
  proposal?: Proposal;
}

export interface ProposedSteps {
  steps: Step[];
  /** Which proposal a step is of, by the place of the step. */
  proposals: Map<number, Proposal>;
}

/** Shorter waits are no wait: the bounds on a fault's time are wider. */
const holdMinMs = 200;
const rejoinMs = 60_000;
const lastHoldMs = 10_000;
/** A fault that the logs do not see end stands for so long. */
const openHoldMs = 20_000;

export function stepsOf(proposals: readonly Proposal[], timeline: Timeline): ProposedSteps {
  const acts = [...proposals.map((one) => provokeOf(one, timeline)), ...repairsOf(proposals)].sort(
    (a, b) => a.atMs - b.atMs,
  );
  const found: ProposedSteps = { steps: [], proposals: new Map() };
  let lastMs: number | undefined;
  for (const { atMs, step, proposal } of acts) {
    const ms = Math.round((atMs - (lastMs ?? atMs)) / 100) * 100;
    if (ms >= holdMinMs) found.steps.push({ step: "hold", ms });
    if (proposal) found.proposals.set(found.steps.length, proposal);
    found.steps.push(step);
    lastMs = atMs;
  }
  const nodes = [...new Set(proposals.map(({ fault }) => fault.node))];
  for (const node of nodes) found.steps.push({ step: "await-rejoin", node, deadlineMs: rejoinMs });
  if (nodes.length > 0) found.steps.push({ step: "hold", ms: lastHoldMs });
  return found;
}

function provokeOf(proposal: Proposal, timeline: Timeline): Act {
  const { fault, atMs } = proposal;
  const to = isServiceNode(fault.node) ? takenOverBy(otherServiceNode(fault.node), proposal, timeline) : undefined;
  return { atMs, step: { step: "provoke", faults: [fault], ...(to ? { to } : {}) }, proposal };
}

/** The other service node became active while the fault stood. */
function takenOverBy(other: ServiceNode, { atMs, untilMs }: Proposal, { signs }: Timeline): ServiceNode | undefined {
  const isTaken = signs.some(
    (one) =>
      one.node === other &&
      (one.sign.kind === "active" || one.sign.kind === "master") &&
      one.atMs > atMs &&
      one.atMs < (untilMs ?? Infinity),
  );
  return isTaken ? other : undefined;
}

/** A repair heals all faults of a node, so overlapping ones end together, with the last. */
function repairsOf(proposals: readonly Proposal[]): Act[] {
  const acts: Act[] = [];
  const nodes = [...new Set(proposals.map(({ fault }) => fault.node))];
  for (const node of nodes) {
    const own = proposals.filter(({ fault }) => fault.node === node);
    for (const [index, one] of own.entries()) {
      const next = own[index + 1];
      const endMs = one.untilMs ?? one.atMs + openHoldMs;
      if (next && next.atMs < endMs) next.untilMs = Math.max(endMs, next.untilMs ?? next.atMs + openHoldMs);
      else acts.push({ atMs: endMs, step: repair(node) });
    }
  }
  return acts;
}

const repair = (node: NodeName): Step => ({ step: "repair", nodes: [node] });
