// SEC-5: a certificate with little time left raises an alert, and a rolling rotation costs at most one failover a node.
// The validity comes from the certificate that the client host received. The alert is a message of the node itself: the
// health answer of the active node, and the gates of the standby.

import type { GateReading } from "#history/event.ts";
import type { Span } from "#history/spans.ts";
import { eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { nodeNames, type NodeName, type ServiceNode, serviceNodes } from "#spec/node.ts";
import { type Checker, msOf, nsPerS, type Ruling } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { noLongerOutage, servedAtTheEnd, type Window } from "../failure/node-assertions.ts";
import { unlessContendedBefore } from "../queries/contention.ts";
import {
  activeAt,
  activeSpans,
  effectNs,
  loadEndNs,
  longestOutageNs,
  marksOf,
  touchNs,
} from "../queries/history-queries.ts";
import { collects } from "../queries/evidence.ts";
import { Matrix, type SeenRow } from "./handshake-rows.ts";
import { served, serviceFigures } from "../queries/service.ts";
import { specOf } from "../queries/zone-timers.ts";

export const certificateRotation: Checker = {
  entry: "SEC-5",
  check(view): Ruling {
    const renewals = marksOf(view, "renewed");
    const [first] = renewals;
    if (!first) return rulingOf([undecided("the certificates were rotated", "no certificate was renewed")], {});
    const restartedNs = Math.max(...serviceNodes.map((node) => restartNs(view, node)));
    const rotation = { fromNs: first.event.t, toNs: untilNextFault(view, restartedNs) };
    const shown = new Matrix(view).rows.filter(({ event }) => event.outcome === "served" && event.server !== undefined);
    const before = shown.filter((row) => row.event.t < renewalNs(view, shownBy(view, row)));
    const after = shown.filter(({ event }) => event.t > restartedNs);
    const { minDays } = specOf(view).certificate;
    const assertions = [
      shortBefore(before, minDays),
      alertsOnVip(view, before),
      ...serviceNodes.map((node) => alertOf(view, node, { fromNs: -Infinity, toNs: rotation.fromNs })),
      ...serviceNodes.map((node) => restartedAfterRenewal(view, node)),
      withinOneFailoverEach(view, rotation),
      neverLong(view, rotation),
      ...serviceNodes.flatMap((node) => newAfter(view, node, { shown, before, minDays })),
      ...serviceNodes.map((node) => quietAfter(view, node, restartedNs)),
      servedAtTheEnd(view),
      ...served(view, rotation),
    ];
    return rulingOf(assertions, {
      leftDaysBefore: before[0]?.event.server?.leftDays ?? null,
      leftDaysAfter: after.at(-1)?.event.server?.leftDays ?? null,
      longestOutageMs: msOf(longestOutageNs(view, rotation.fromNs, rotation.toNs)),
      failovers: takeovers(view, rotation).length,
      ...serviceFigures(view),
    });
  },
};

/** A closed gate, or a warning. */
function isAlert({ isOpen, why }: GateReading): boolean {
  return !isOpen || /warn/i.test(why);
}

function shortBefore(before: readonly SeenRow[], minDays: number): Assertion {
  const says = `the certificate that clients received had less than ${minDays} days left`;
  const [row] = before;
  if (!row) return undecided(says, "no client received one before the rotation");
  const isShort = ({ event }: SeenRow) => event.server!.leftDays > 0 && event.server!.leftDays < minDays;
  const other = before.find((one) => !isShort(one));
  if (other) return undecided(says, `it had ${other.event.server!.leftDays} days left`);
  return kept(says, { saw: `${row.event.server!.leftDays} days`, events: [row.index] });
}

/** The node that showed a client its certificate. */
function shownBy(view: HistoryView, { event }: SeenRow): NodeName | undefined {
  return activeAt(view, event.t);
}

/** When that node got its new certificate. Without a node: when the first one did. */
function renewalNs(view: HistoryView, node?: NodeName): number {
  const renewals = marksOf(view, "renewed").filter(({ event }) => node === undefined || event.detail.node === node);
  return renewals[0]?.event.t ?? Infinity;
}

/** A failover after the rotation is none of its own. */
function untilNextFault(view: HistoryView, restartedNs: number): number {
  const later = view.faults.map(touchNs).filter((ns) => ns > restartedNs);
  return Math.min(loadEndNs(view), ...later);
}

/** Of each node that clients reached before its renewal. */
function alertsOnVip(view: HistoryView, before: readonly SeenRow[]): Assertion {
  const says = "the active node's health answer alerted";
  const nodes = new Set(before.map((row) => shownBy(view, row)));
  if (nodes.size < 2) return alertOnVip(says, before);
  return overAll(
    says,
    [...nodes].map((node) =>
      alertOnVip(
        says,
        before.filter((row) => shownBy(view, row) === node),
      ),
    ),
  );
}

function alertOnVip(says: string, before: readonly SeenRow[]): Assertion {
  const readings = before.filter(({ event }) => event.certificateGate !== undefined);
  const alert = readings.find(({ event }) => isAlert(event.certificateGate!));
  if (alert) return kept(says, { saw: alert.event.certificateGate!.why, events: [alert.index] });
  const last = readings.at(-1);
  if (!last)
    return before.length > 0
      ? missed(says, "it does not mention its certificate")
      : undecided(says, "no health answer was recorded");
  return missed(says, `it said "${wordsOf(last.event.certificateGate!)}"`, [last.index]);
}

function wordsOf({ isOpen, why }: GateReading): string {
  return `${isOpen ? "open" : "closed"}${why === "" ? "" : `, ${why}`}`;
}

function readingsAt(view: HistoryView, node: NodeName, window: Window): { gate: GateReading; index: number }[] {
  return eventsOf(view.history, "gates")
    .filter(({ event }) => event.node === node && event.t >= window.fromNs && event.t <= window.toNs)
    .flatMap(({ event, index }) => (event.gates.certificate ? [{ gate: event.gates.certificate, index }] : []));
}

function alertOf(view: HistoryView, node: ServiceNode, window: Window): Assertion {
  const says = `${node} alerted before its certificate was renewed`;
  const readings = readingsAt(view, node, window);
  const alert = readings.find(({ gate }) => isAlert(gate));
  if (alert) return kept(says, { saw: alert.gate.why, events: [alert.index] });
  const last = readings.at(-1);
  return last
    ? missed(says, `its gate said "${wordsOf(last.gate)}"`, [last.index])
    : undecided(says, "its gates were not read");
}

/** When the node was restarted after its renewal; Infinity if it never was. */
function restartNs(view: HistoryView, node: ServiceNode): number {
  const renewedNs = marksOf(view, "renewed").find(({ event }) => event.detail.node === node)?.event.t ?? Infinity;
  const life = view.faults.find((one) => one.nodes.includes(node) && touchNs(one) > renewedNs);
  return Math.max(effectNs(life), life?.phases.healed?.event.t ?? Infinity);
}

function restartedAfterRenewal(view: HistoryView, node: ServiceNode): Assertion {
  const says = `${node} got a new certificate and was restarted after it`;
  return restartNs(view, node) < Infinity ? kept(says) : undecided(says, "its restart is not in the history");
}

/** How often a node became active in the window. */
function takeovers(view: HistoryView, window: Window): Span[] {
  const spans = nodeNames.flatMap((node) => activeSpans(view, node));
  return spans.filter((span) => span.fromNs > window.fromNs && span.fromNs <= window.toNs);
}

function withinOneFailoverEach(view: HistoryView, rotation: Window): Assertion {
  const says = "the rotation cost at most one failover a node";
  const taken = takeovers(view, rotation);
  const count = taken.length;
  const nodes = serviceNodes.length;
  if (count <= nodes) return kept(says, { saw: `${count} for ${nodes} nodes` });
  const assertion = refuted(says, `a node became active ${count} times while ${nodes} were rotated`);
  // A node that was late may have lost its role once more. The rotation did not cost that failover.
  const ends = nodeNames.flatMap((node) => activeSpans(view, node).map(({ toNs }) => toNs));
  const byLateness = taken.map(({ fromNs }) => {
    const lostNs = Math.max(...ends.filter((ns) => ns <= fromNs));
    return lostNs === -Infinity ? assertion : unlessContendedBefore(view, lostNs, assertion);
  });
  const late = byLateness.filter(({ verdict }) => verdict === "unknown");
  return count - late.length <= nodes ? late[0]! : assertion;
}

function neverLong(view: HistoryView, rotation: Window): Assertion {
  const { failoverMaxS } = view.bounds;
  const says = `no client waited longer than one failover may take, ${failoverMaxS} s`;
  return noLongerOutage(view, rotation, { says, boundNs: failoverMaxS * nsPerS });
}

interface ShownRows {
  shown: readonly SeenRow[];
  before: readonly SeenRow[];
  minDays: number;
}

/**
 * Clients of that node receive another certificate with enough time left, and it no longer alerts. Older histories show
 * one of the two nodes.
 */
function newAfter(view: HistoryView, node: ServiceNode, { shown, before, minDays }: ShownRows): Assertion[] {
  const says = `clients receive a new certificate from ${node}, and the alert is gone`;
  const after = shown.filter((row) => row.event.t > restartNs(view, node) && shownBy(view, row) === node);
  const last = after.at(-1);
  if (!last && !collects(view, "both-renewed")) return [];
  if (!last || before.length === 0)
    return [undecided(says, "no client received one before and one after the rotation")];
  const earlier = new Set([
    ...before.map(({ event }) => event.server!.fingerprint),
    ...serviceNodes.map((one) => view.history.header.zone.nodes[one].certificate),
  ]);
  const old = after.find(({ event }) => earlier.has(event.server!.fingerprint));
  if (old) return [refuted(says, `in row "${old.event.row}" it is an old one`, [old.index])];
  const short = after.find(({ event }) => event.server!.leftDays < minDays);
  if (short) return [refuted(says, `the new one has ${short.event.server!.leftDays} days left`, [short.index])];
  const gate = after.findLast(({ event }) => event.certificateGate !== undefined)?.event.certificateGate;
  if (gate && isAlert(gate)) return [refuted(says, `the health answer still says "${wordsOf(gate)}"`, [last.index])];
  return [kept(says, { saw: `${last.event.server!.leftDays} days left`, events: [last.index] })];
}

function quietAfter(view: HistoryView, node: ServiceNode, sinceNs: number): Assertion {
  const says = `${node} no longer alerts`;
  const last = readingsAt(view, node, { fromNs: sinceNs, toNs: markOf(view, "audited")?.event.t ?? Infinity }).at(-1);
  if (!last) return undecided(says, "its gates were not read after the rotation");
  return isAlert(last.gate) ? missed(says, `its gate says "${wordsOf(last.gate)}"`, [last.index]) : kept(says);
}
