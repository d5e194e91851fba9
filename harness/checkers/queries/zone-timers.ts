// Durations that follow from a zone's own timers, for assertions that must watch long enough. Pure.

import type { HistoryView } from "#history/view.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import { nsPerMs, nsPerS } from "../checker.ts";

/** The planned zone. Defaults fill what the header does not say. */
export function specOf(view: HistoryView): ZoneSpec {
  return { ...defaultZoneSpec, ...view.history.header.zone.spec };
}

/** The longest of the zone's own timers. */
export function longestTimerNs(spec: ZoneSpec): number {
  const { lease, holdDownMs, vipLifetimeS } = spec;
  const ms = Math.max(lease.takeMs, lease.honourMs, lease.renewMs, holdDownMs, vipLifetimeS * 1_000);
  return Math.max(ms * nsPerMs, vrrpSilenceNs(spec) + spec.vrrp.advertS * nsPerS);
}

/** A node that takes over waits for the end of the other node's lease, or for its own hold-down when that is longer. */
export function waitedOutMs({ lease, holdDownMs }: ZoneSpec): number {
  return Math.max(holdDownMs, lease.takeMs);
}

/** Longest time from the loss of the active node to the promotion of the other, when no gate denies it. */
export function takeoverNs(spec: ZoneSpec): number {
  return waitedOutMs(spec) * nsPerMs + vrrpSilenceNs(spec);
}

/**
 * From the last advert of an owner to the earliest instant when the other node may become MASTER. The skew comes on
 * top.
 */
export function vrrpSilenceNs({ vrrp }: ZoneSpec): number {
  return vrrp.downAdverts * vrrp.advertS * nsPerS;
}
