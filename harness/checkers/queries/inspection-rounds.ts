// Rounds of inspections: the inspections of the nodes and the answers of their servers that belong together. The
// entries of the steady state share these queries.

import type { ServerEvent, InspectionEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Assertion, overAll } from "../assertions.ts";
import { loadEndNs, touchNs } from "./history-queries.ts";

/** The results of one step "inspect". */
export interface Round {
  fromNs: number;
  inspections: Map<NodeName, At<InspectionEvent>>;
  servers: Map<NodeName, At<ServerEvent>>;
}

/** Longer than one step, in which a server may need 6 s to answer. Shorter than the time between two steps. */
const roundMaxNs = 10e9;

/** In order. A new round begins with the second event of a node, or after a long time. */
export function roundsOf(view: HistoryView): Round[] {
  const events = [...eventsOf(view.history, "inspection"), ...eventsOf(view.history, "server")].sort(
    (a, b) => a.index - b.index,
  );
  const rounds: Round[] = [];
  for (const at of events) {
    const { node, type, t } = at.event;
    let round = rounds.at(-1);
    const isOver =
      !round || t > round.fromNs + roundMaxNs || round[type === "inspection" ? "inspections" : "servers"].has(node);
    if (isOver) rounds.push((round = { fromNs: t, inspections: new Map(), servers: new Map() }));
    if (at.event.type === "inspection") round!.inspections.set(node, at as At<InspectionEvent>);
    else round!.servers.set(node, at as At<ServerEvent>);
  }
  return rounds;
}

/** Rounds with all three nodes and their servers. */
export function wholeRounds(view: HistoryView): Round[] {
  return roundsOf(view).filter(({ inspections, servers }) =>
    nodeNames.every((one) => inspections.has(one) && servers.has(one)),
  );
}

/** The undisturbed time: from steady to the first injection, or to the end of load. */
export function undisturbed(view: HistoryView): { fromNs: number; toNs: number } {
  const fromNs = markOf(view, "steady")?.event.t ?? view.firstNs;
  return { fromNs, toNs: Math.min(loadEndNs(view), ...view.faults.map(touchNs)) };
}

/** Every whole round of the undisturbed time. */
export function steadyRounds(view: HistoryView): Round[] {
  const { toNs } = undisturbed(view);
  return wholeRounds(view).filter((round) => round.fromNs <= toNs);
}

/** One assertion over every whole round of the undisturbed time. Without a round, `judge` says what is missing. */
export function whileSteady(view: HistoryView, judge: (round: Round | undefined) => Assertion): Assertion {
  const rounds = steadyRounds(view);
  const { says, ...first } = judge(rounds[0]);
  return overAll(says, [{ says, ...first }, ...rounds.slice(1).map(judge)]);
}

/** Streams that the harness makes itself. */
export function isOurs(stream: string): boolean {
  return stream.startsWith("triad_");
}
