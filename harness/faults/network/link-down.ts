// The kernel takes an interface of the node down: it loses its carrier and its routes and keeps its addresses.

import { HarnessError } from "#base/errors.ts";
import { addressOn } from "#topology/plan-zone.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

async function set(zone: StartedZone, spec: SpecOf<"link-down">, state: "up" | "down"): Promise<string> {
  const { plan } = zone.node(spec.node);
  const found: string[] = [];
  for (const segment of spec.segments) {
    const address = addressOn(plan, segment);
    if (!address) continue;
    const answer = await zone.askNode(spec.node, { do: "link", address, state });
    if (answer.state !== state)
      throw new HarnessError("fault/no-effect", `${answer.device} is ${answer.state}`, { expected: state });
    found.push(`${answer.device} (${segment}) is ${answer.state}`);
  }
  return found.join(", ");
}

export const linkDown: Fault<"link-down"> = {
  inject: async (zone, spec) => effectNow(await set(zone, spec, "down")),
  heal: async (zone, spec) => (zone.node(spec.node).isUp ? set(zone, spec, "up") : "the node is down"),
};
