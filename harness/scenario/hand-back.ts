// How an operator takes beta out of the election for as long as alpha needs to become active. Not a fault: nothing is judged by it.

import { command } from "#faults/service-down.ts";
import type { StartedZone } from "#zone/zone.ts";

/**
 * Its keepalived alone, which the reference node answers by ending its controller; or the whole node, where a wrong one may
 * not, for several seconds of a core more.
 */
export type HandBack = "keepalived" | "restart";

export async function whileBetaIsOut(zone: StartedZone, by: HandBack, wait: () => Promise<unknown>): Promise<void> {
  const beta = zone.node("beta");
  const keepalived = { node: "beta", service: "keepalived" } as const;
  await (by === "restart" ? beta.stop() : command(zone, keepalived, "stop"));
  await wait();
  await (by === "restart" ? beta.start() : command(zone, keepalived, "start"));
}
