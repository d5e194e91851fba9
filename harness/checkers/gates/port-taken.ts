// GATE-6: the bind to the VIP must succeed. When another process has the port, the promotion fails, the node says so
// and gives up the VIP. It never serves from another address instead.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { type Checker, msOf, nsPerMs } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { controllersIn, foreignListeners } from "./listeners.ts";
import { unlessContended } from "../queries/contention.ts";
import { waitedOutMs, specOf } from "../queries/zone-timers.ts";
import { canBePromoted, firstIn, triesAt, type Try } from "./tries.ts";

/**
 * From the bind to the end of the VIP. The reference node waits 4 s until its controller reports the bind; a controller
 * that cannot bind ends 0.3 s after its start, or 2.1 s on a busy machine. The instant of the bind is not visible: the
 * controller may first wait for the lease, as long as the zone's timers say.
 */
const givenUpMaxMs = 6_000;

export const bindSucceeds: Checker = {
  entry: "GATE-6",
  check(view) {
    const tries = triesAt(view, "bind");
    if (tries.length === 0) return rulingOf([undecided("the port was taken", "no such fault took effect")], {});
    const held = tries.flatMap((one) => promotions(view, one));
    const assertions = tries.flatMap((one) => [
      triedAndGaveUp(view, one),
      neverServed(view, one),
      loud(view, one),
      canBePromoted(view, one.node, one.endNs),
    ]);
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
  const says = `${one.node} gave up the VIP within ${boundMs / 1000} s, each time it could not bind`;
  const held = promotions(view, one);
  if (held.length === 0) return undecided(says, `${one.node} did not get the VIP while its port was taken`);
  const stayed = held.filter((span) => span.toNs - span.fromNs > boundMs * nsPerMs);
  if (stayed.length > 0)
    return overAll(
      says,
      stayed.map((span) => {
        const tookNs = span.toNs - span.fromNs;
        const assertion = refuted(says, `it kept the VIP for ${msOf(tookNs)} ms`, span.events);
        return unlessContended(view, span, { assertion, late: { tookNs, boundNs: boundMs * nsPerMs } });
      }),
    );
  // A late one proves nothing: the repair may have ended it.
  const ended = held.filter((span) => span.latestNs <= one.endNs);
  if (ended.length === 0) return undecided(says, "the port was released before it could");
  return kept(says, { events: ended.flatMap((span) => span.events) });
}

/** Neither on the RPC port of any address, nor on any other port. */
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
  if (looked.length === 0) return undecided(says, "its other ports were not inspected in that time");
  const other = looked.find(
    ({ event }) => foreignListeners(view, event, []).length > 0 && controllersIn(view, event).length > 0,
  );
  if (other)
    return refuted(says, `it listened on ${foreignListeners(view, other.event, []).join(", ")}`, [other.index]);
  return kept(says, { events: looked.map(({ index }) => index) });
}

/** The node must report the failure itself: its health names the gate and the reason. */
function loud(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} said that the bind failed`;
  const failedNs = promotions(view, one)[0]?.latestNs ?? Infinity;
  const readings = eventsOf(view.history, "gates").filter(
    ({ event: { node, t } }) => node === one.node && t >= failedNs && t <= one.endNs,
  );
  const said = readings.find(({ event }) => event.gates.bind?.isOpen === false && event.gates.bind.why !== "");
  if (said) return kept(says, { saw: said.event.gates.bind!.why, events: [said.index] });
  if (readings.length === 0) return undecided(says, "its gates were not read after a failed bind");
  return missed(says, "its health calls the bind gate open", [readings.at(-1)!.index]);
}
