// Two zones with a segment between them that only their VIPs use. Each has its own CA and knows the other's. Each is a
// whole zone, started, disturbed and ended like any other. docs/decisions/0019-pairs.md.

import type { PlannedPeer } from "#topology/plan.ts";
import { peerSubnet } from "#topology/plan-zone.ts";
import { abandonZone, makeZoneNetworks, openZone } from "./start-zone.ts";
import { StartedZone } from "./zone.ts";
import { ZoneParts } from "./zone-parts.ts";
import { reserveZone, startError, type ZoneRequest, type ReservedZone } from "./zone-request.ts";

/** The end of the first zone removes the segment, so the second is ended before it. */
export type StartedPair = readonly [StartedZone, StartedZone];

/** Starts both at once. On failure everything made so far is removed. */
export async function startPair(first: ZoneRequest, second: ZoneRequest): Promise<StartedPair> {
  const reserved = [await reserveZone(first), await reserveZone(second)] as const;
  const shared = { subnet: peerSubnet(reserved[0].index), pairIndex: reserved[0].index, pairId: first.id };
  const peerOf = (request: ZoneRequest, own: ReservedZone): PlannedPeer => ({
    zoneId: request.spec.zoneId,
    vip: own.vip,
    ca: own.pki.certificates.ca,
    ...shared,
  });
  const pair = [
    ZoneParts.planned(first, reserved[0], peerOf(second, reserved[1])),
    ZoneParts.planned(second, reserved[1], peerOf(first, reserved[0])),
  ] as const;
  try {
    await first.bridges.join(reserved[0].index);
    await makeZoneNetworks(pair[0], ["peer"]);
    // Waits for both, so that nothing is still being made when the first failure is thrown.
    const opened = await Promise.allSettled(pair.map(openZone));
    const failed = opened.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    return [new StartedZone(pair[0]), new StartedZone(pair[1])];
  } catch (error) {
    await abandonZone(pair[1]);
    await abandonZone(pair[0]);
    throw startError(error);
  }
}

export async function endPair([first, second]: StartedPair): Promise<void> {
  await second[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
}
