// Two zones with a segment between them on which only their VIPs talk. Each has its own CA and knows the other's; each is a
// whole zone, started, disturbed and ended like any other. docs/decisions/0019-pairs.md.

import type { PlannedPeer } from "#topology/plan.ts";
import { peerSubnet } from "#topology/plan-zone.ts";
import { plannedZone, type StartedZone } from "./zone.ts";
import { claimSite, startError, type ZoneRequest, type ZoneSite } from "./zone-request.ts";

/** The first zone's end takes the segment with it, so the second is ended before it. */
export type StartedPair = readonly [StartedZone, StartedZone];

/** Starts both at once. On failure everything made so far is removed. */
export async function startPair(first: ZoneRequest, second: ZoneRequest): Promise<StartedPair> {
  const sites = [await claimSite(first), await claimSite(second)] as const;
  const shared = { subnet: peerSubnet(sites[0].index), pairIndex: sites[0].index, pairId: first.id };
  const peerOf = (request: ZoneRequest, site: ZoneSite): PlannedPeer => ({
    zoneId: request.spec.zoneId,
    vip: site.vip,
    ca: site.pki.certificates.ca,
    ...shared,
  });
  const pair = [
    plannedZone(first, sites[0], peerOf(second, sites[1])),
    plannedZone(second, sites[1], peerOf(first, sites[0])),
  ] as const;
  try {
    await pair[0].joinPeer();
    // Both to their end: nothing may still be being made when the first failure is thrown.
    const opened = await Promise.allSettled(pair.map((zone) => zone.open()));
    const failed = opened.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    return pair;
  } catch (error) {
    await endPair(pair);
    throw startError(error);
  }
}

export async function endPair([first, second]: StartedPair): Promise<void> {
  await second[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
}
