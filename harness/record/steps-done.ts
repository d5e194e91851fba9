// What a person did to a zone, as the steps of a scenario that does it again. Pure.

import { elapsedMs } from "#base/clock.ts";
import type { FaultEvent, HistoryEvent, MarkEvent } from "#history/event.ts";
import type { FaultSpec } from "#spec/faults.ts";
import { isServiceNode, type NodeName, type ServiceNode } from "#spec/node.ts";
import { answerDeadlineMs, rejoinDeadlineMs } from "#spec/scenarios/parts.ts";
import type { Step } from "#spec/steps.ts";

/** Shorter waits are the time that a command takes. */
const holdMinMs = 200;
const roundMs = 100;
/** Time in which a second, wrong change of roles would show. */
const settleMs = 1_500;

export interface Done {
  steps: Step[];
  /** By place: what the step cannot say. */
  comments: Map<number, string>;
  /** What was done and is in no step. */
  left: string[];
}

/** Faults of one command, or the undoing of some. */
interface Deed {
  fromNs: number;
  toNs: number;
  faults: FaultSpec[];
  to?: ServiceNode;
  repaired: NodeName[];
  /** Programs that a person ran since the deed before. */
  notes: string[];
}

/** @param events of the whole history, in order. */
export function stepsDone(events: readonly HistoryEvent[]): Done {
  const { deeds, notes } = deedsIn(events);
  const steps: Step[] = [];
  const comments = new Map<number, string>();
  let reachedNs = steadyNs(events);
  deeds.forEach((deed, place) => {
    wait(steps, elapsedMs(reachedNs, deed.fromNs));
    if (deed.notes.length > 0) comments.set(steps.length, `not replayed: ${deed.notes.join("; ")}`);
    if (deed.repaired.length > 0) steps.push({ step: "repair", nodes: deed.repaired });
    else steps.push({ step: "provoke", faults: deed.faults, ...(deed.to ? { to: deed.to } : {}) });
    const nextNs = deeds[place + 1]?.fromNs;
    const awaited = awaitedAfter(deed, events, nextNs);
    steps.push(...awaited.steps);
    reachedNs = Math.max(deed.toNs, awaited.reachedNs);
  });
  steps.push({ step: "hold", ms: settleMs }, { step: "inspect" });
  return { steps, comments, left: [...deeds.flatMap((deed) => deed.notes), ...notes] };
}

function wait(steps: Step[], ms: number): void {
  const rounded = Math.round(ms / roundMs) * roundMs;
  if (rounded >= holdMinMs) steps.push({ step: "hold", ms: rounded });
}

/**
 * A person who went on only after the takeover, or after the return of a node, waited for it. On another machine that
 * takes another time. The rest of the wait is a hold.
 */
function awaitedAfter(
  deed: Deed,
  events: readonly HistoryEvent[],
  nextNs = Infinity,
): { steps: Step[]; reachedNs: number } {
  const steps: Step[] = [];
  let reachedNs = deed.toNs;
  const { to } = deed;
  if (to !== undefined) {
    const answered = events.find(
      (event) => event.type === "ok" && event.f === "append" && event.node === to && event.t > deed.toNs,
    );
    const isAwaited = nextNs === Infinity || (answered !== undefined && answered.t < nextNs);
    if (isAwaited) steps.push({ step: "await-answer", node: to, deadlineMs: answerDeadlineMs });
    if (isAwaited && answered) reachedNs = answered.t;
  }
  for (const node of deed.repaired) {
    const back = events.find((event) => isBack(event, node) && event.t > deed.toNs);
    if (nextNs < Infinity && !(back && back.t < nextNs)) continue;
    steps.push({ step: "await-rejoin", node, deadlineMs: rejoinDeadlineMs });
    if (back) reachedNs = Math.max(reachedNs, back.t);
  }
  return { steps, reachedNs };
}

/** A service node is back as a standby, or as the active node that it stayed; Gamma when it runs. */
function isBack(event: HistoryEvent, node: NodeName): boolean {
  if (event.type === "mark") return event.mark === "recovered" && event.detail.node === node;
  if (event.type !== "observed" || event.node !== node || !event.isAlive || event.isFrozen) return false;
  return !isServiceNode(node) || event.role === "BACKUP" || event.role === "MASTER";
}

function steadyNs(events: readonly HistoryEvent[]): number {
  const marks = events.filter((event): event is MarkEvent => event.type === "mark");
  const start = marks.find(({ mark }) => mark === "steady") ?? marks.find(({ mark }) => mark === "zone-created");
  return start?.t ?? events[0]?.t ?? 0;
}

function deedsIn(events: readonly HistoryEvent[]): { deeds: Deed[]; notes: string[] } {
  const isOf = (phase: FaultEvent["phase"]) => (event: HistoryEvent) => event.type === "fault" && event.phase === phase;
  const undone = new Set(
    events
      .filter((event) => isOf("impossible")(event) || isOf("failed")(event))
      .map((event) => (event as FaultEvent).id),
  );
  const deeds: Deed[] = [];
  let provoked: MarkEvent<"provoked"> | undefined;
  let notes: string[] = [];
  const begin = (t: number, more: Partial<Deed>): void => {
    deeds.push({ fromNs: t, toNs: t, faults: [], repaired: [], notes, ...more });
    notes = [];
  };
  for (const event of events) {
    const last = deeds.at(-1);
    if (event.type === "mark") {
      if (event.mark === "provoked") provoked = event;
      const program = event.mark === "by-hand" && event.detail.phase === "begun" ? event.detail : undefined;
      if (program?.node) notes.push(`"${program.command}" in ${program.node}`);
      continue;
    }
    if (event.type !== "fault") continue;
    if (undone.has(event.id)) {
      if (event.phase === "failed") notes.push(`${event.fault} on ${event.nodes.join(", ")}, which failed`);
      continue;
    }
    if (event.phase === "intended") {
      const { words: _, ...spec } = event.detail ?? {};
      // The faults of one command share its mark.
      if (provoked) begin(event.t, provoked.detail.to ? { to: provoked.detail.to } : {});
      provoked = undefined;
      deeds.at(-1)?.faults.push(spec as FaultSpec);
    } else if (event.phase === "healing") {
      const isSame = last !== undefined && last.repaired.length > 0 && elapsedMs(last.toNs, event.t) < holdMinMs;
      if (!isSame) begin(event.t, {});
      const { repaired } = deeds.at(-1)!;
      repaired.push(...event.nodes.filter((node) => !repaired.includes(node)));
    } else if (last && (event.phase === "effective" || event.phase === "healed"))
      last.toNs = Math.max(last.toNs, event.t);
  }
  return { deeds, notes };
}
