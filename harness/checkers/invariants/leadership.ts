// INV-4: leadership follows VIP ownership and local gates. Over the whole run, a node that answers owns the VIP and
// listens, and a node that listens owns the VIP. GATE-1 to GATE-6 provoke each gate.

import type { Span } from "#history/spans.ts";
import { eventsOf, type HistoryView } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { type Checker, counted, msOf } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { endingNs, unlessJustLost } from "../gates/listeners.ts";
import { unlessContendedBefore } from "../queries/contention.ts";
import { activeSpans, covering, isServing, marksOf, meeting, strayTimes } from "../queries/history-queries.ts";
import { isProgram } from "../queries/judged-node.ts";

export const leadership: Checker = {
  entry: "INV-4",
  check(view) {
    const answers = view.operations.filter((one) => isServing(one) && one.node !== undefined);
    const assertions = [
      answeredByOwner(view),
      ...nodeNames.map((name) => listensAsOwner(view, name)),
      ...nodeNames.flatMap((name) => runsAsOwner(view, name)),
      openGates(view),
    ];
    const terms = nodeNames.flatMap((name) => activeSpans(view, name)).length;
    return rulingOf(assertions, { answers: answers.length, activeTerms: terms });
  },
};

function answeredByOwner(view: HistoryView): Assertion {
  const says = "each node that answered a client owned the VIP and listened on it";
  let judged = 0;
  for (const operation of view.operations) {
    const { node, invokeNs, endNs, index, op } = operation;
    if (!isServing(operation) || node === undefined) continue;
    judged += 1;
    // At some time in the call the node must have been active, or possibly active between two looks.
    const isActive = view.spans[node].active.some((span) => span.earliestNs <= endNs && span.latestNs >= invokeNs);
    if (!isActive) return refuted(says, `${node} answered operation ${op} while it was not active`, [index]);
  }
  return judged > 0 ? kept(says, { saw: counted(judged, "answer") }) : undecided(says, "no client was answered");
}

export function listensAsOwner(view: HistoryView, name: (typeof nodeNames)[number]): Assertion {
  const says = `${name} listened only while it owned the VIP`;
  if (view.observations[name].length === 0) return undecided(says, `the observer never looked at ${name}`);
  const strays = strayTimes(view, name);
  const isStray = (one: Span) => strays.some(({ fromNs, toNs }) => one.fromNs >= fromNs && one.toNs <= toNs);
  const touches = (a: Span, b: Span) => a.earliestNs <= b.fromNs && a.latestNs >= b.earliestNs;
  const alone = view.spans[name].listens.find(
    (span) => !isStray(span) && !view.spans[name].owns.some((owned) => touches(owned, span)),
  );
  return alone
    ? refuted(says, `it listened for ${msOf(alone.toNs - alone.fromNs)} ms and did not own it`, alone.events)
    : kept(says);
}

/**
 * By the process tables, and not while the harness itself started one there: a controller that waits, or that listens
 * nowhere, is no less one.
 */
function runsAsOwner(view: HistoryView, name: (typeof nodeNames)[number]): Assertion[] {
  const says = `${name} ran a controller only while it owned the VIP`;
  const others = [
    ...strayTimes(view, name),
    ...marksOf(view, "started-by-hand").map(({ event }) => ({ fromNs: event.detail.atNs, toNs: event.t })),
  ];
  const looks = eventsOf(view.history, "inspection").filter(({ event }) => event.node === name);
  if (looks.length === 0) return [];
  const judged = looks.map(({ event, index }) => {
    const controller = event.processes.find((one) => isProgram(view, "controller", one));
    const isOwner = event.addresses.some(({ address }) => address === view.endpoint.vip);
    const isStarted = others.some(({ fromNs, toNs }) => event.t >= fromNs && event.t <= toNs);
    if (!controller || isOwner || isStarted || meeting(view.spans[name].owns, event.t - endingNs, event.t))
      return kept(says, { events: [index] });
    const saw = `it ran "${controller.argv.join(" ").slice(0, 80)}" without it`;
    return unlessJustLost(view, event, refuted(says, saw, [index]));
  });
  return [overAll(says, judged)];
}

/** The node's own report can only convict it. */
function openGates(view: HistoryView): Assertion {
  const says = "no active node reported a closed gate";
  let asked = 0;
  const judged: Assertion[] = [];
  for (const { event, index } of eventsOf(view.history, "gates")) {
    if (!covering(activeSpans(view, event.node), event.t, event.t)) continue;
    asked += 1;
    const closed = Object.entries(event.gates).find(([, gate]) => !gate.isOpen);
    if (!closed) continue;
    const saw = `${event.node} was active with gate ${closed[0]} closed: ${closed[1].why}`;
    judged.push(unlessContendedBefore(view, event.t, refuted(says, saw, [index])));
  }
  if (judged.length > 0) return overAll(says, judged);
  return asked > 0
    ? kept(says, { saw: `its gates were read ${asked} times` })
    : undecided(says, "the gates of no active node were read");
}
