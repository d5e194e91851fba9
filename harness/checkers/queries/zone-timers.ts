// How long things take in a zone by its own timers, for assertions that must wait or watch long enough. Pure.

import type { HistoryView } from "#history/view.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import { nsPerMs, nsPerS } from "../checker.ts";

/** The zone that was asked for, with the defaults where the header is silent. */
export function specOf(view: HistoryView): ZoneSpec {
  return { ...defaultZoneSpec, ...view.history.header.zone.spec };
}

/** A taker waits out the other node's lease, and its hold-down where that is longer. */
export function waitedOutMs({ lease, holdDownMs }: ZoneSpec): number {
  return Math.max(holdDownMs, lease.takeMs);
}

/** From the loss of the active node to the other one's promotion, at the most, when nothing denies it. */
export function takeoverNs(spec: ZoneSpec): number {
  return waitedOutMs(spec) * nsPerMs + vrrpSilenceNs(spec);
}

/** From an owner's last advert to the earliest moment at which the other one may become MASTER: its skew comes on top. */
export function vrrpSilenceNs({ vrrp }: ZoneSpec): number {
  return vrrp.downAdverts * vrrp.advertS * nsPerS;
}
