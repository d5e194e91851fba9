// GATE-6: the bind to the VIP must succeed. Where somebody else has the port, promotion fails, the node says so, and
// gives the VIP up; it never serves from another address instead.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { type Checker, msOf, nsPerMs } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { controllersIn, foreignListeners } from "./listeners.ts";
import { waitedOutMs, specOf } from "../queries/zone-timers.ts";
import { firstIn, triesAt, type Try } from "./tries.ts";

/**
 * From the bind to the end of the VIP. The reference node waits 4 s for its controller to say that it is bound; one that
 * cannot bind ends within its start, 0.3 s, and 2.1 s on a busy machine. When it tried does not show: it may first wait
 * for the lease, as long as the zone's timers say.
 */
const givenUpMaxMs = 6_000;

export const bindSucceeds: Checker = {
  entry: "GATE-6",
  check(view) {
    const tries = triesAt(view, "bind");
    if (tries.length === 0) return rulingOf([undecided("the port was taken", "no fault took it")], {});
    const held = tries.flatMap((one) => promotions(view, one));
    const assertions = tries.flatMap((one) => [triedAndGaveUp(view, one), neverServed(view, one), loud(view, one)]);
    return rulingOf(assertions, {
      promotions: held.length,
      ...(held.length > 0 ? { givenUpMs: Math.max(...held.map((span) => msOf(span.latestNs - span.fromNs))) } : {}),
    });
  },
};

/** Times at which the node got the VIP while the port was taken. */
function promotions(view: HistoryView, one: Try) {
  return view.spans[one.node].owns.filter((span) => span.fromNs >= one.effectNs && span.fromNs <= one.endNs);
}

function triedAndGaveUp(view: HistoryView, one: Try): Assertion {
  const boundMs = givenUpMaxMs + waitedOutMs(specOf(view));
  const says = `${one.node} gave the VIP up within ${boundMs / 1000} s, each time it could not bind`;
  const held = promotions(view, one);
  if (held.length === 0) return undecided(says, `${one.node} was not given the VIP while its port was taken`);
  const stayed = held.find((span) => span.toNs - span.fromNs > boundMs * nsPerMs);
  if (stayed) return refuted(says, `it kept the VIP for ${msOf(stayed.toNs - stayed.fromNs)} ms`, stayed.events);
  // One that came so late that the repair may have ended it says nothing.
  const ended = held.filter((span) => span.latestNs <= one.endNs);
  if (ended.length === 0) return undecided(says, "the port was given back before it could");
  return kept(says, { events: ended.flatMap((span) => span.events) });
}

/** Neither on the RPC port, whatever the address, nor on any other port. */
function neverServed(view: HistoryView, one: Try): Assertion {
  const says = `the controller of ${one.node} listened nowhere while its port was taken`;
  const found = firstIn(view.spans[one.node].listens, one.effectNs, one.endNs);
  if (found) {
    const at = view.observations[one.node].find(({ index }) => index === found.events[0])?.event.listens.join(", ");
    return refuted(says, `it listened on ${at}`, found.events);
  }
  const looked = eventsOf(view.history, "inspection").filter(
    ({ event: { node, t } }) => node === one.node && t >= one.effectNs && t <= one.endNs,
  );
  if (looked.length === 0) return undecided(says, "nobody looked at its other ports meanwhile");
  const other = looked.find(({ event }) => foreignListeners(event, []).length > 0 && controllersIn(event).length > 0);
  if (other) return refuted(says, `it listened on ${foreignListeners(other.event, []).join(", ")}`, [other.index]);
  return kept(says, { events: looked.map(({ index }) => index) });
}

/** Loudness is the node's own to make: its health must name the gate and the reason. */
function loud(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} said that the bind failed`;
  const failedNs = promotions(view, one)[0]?.latestNs ?? Infinity;
  const told = eventsOf(view.history, "gates").filter(
    ({ event: { node, t } }) => node === one.node && t >= failedNs && t <= one.endNs,
  );
  const said = told.find(({ event }) => event.gates["bind"]?.isOpen === false && event.gates["bind"].why !== "");
  if (said) return kept(says, { saw: said.event.gates["bind"]!.why, events: [said.index] });
  if (told.length === 0) return undecided(says, "nobody asked its gates after a failed bind");
  return missed(says, "its health calls the bind gate open", [told.at(-1)!.index]);
}
