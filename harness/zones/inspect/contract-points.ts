// The contract of a node, point by point: what was seen, what is expected, and where in the profile to say otherwise.
// Pure. It is no verdict: it says whether a gate can test this node at all.

import type { ZonePlan } from "#topology/plan.ts";
import { firstRules, serviceRules } from "./node-points.ts";
import type { ZoneFacts } from "./node-facts.ts";
import { serverRules } from "./server-points.ts";

export interface ContractPoint {
  id: string;
  says: string;
  state: "met" | "not met" | "not needed" | "not known";
  /** Of a point that is not met. */
  saw?: string;
  /** The key of the profile, where the profile decides it. */
  key?: string;
}

export function contractPoints(facts: ZoneFacts, plan: ZonePlan): ContractPoint[] {
  const zone = { facts, plan };
  return [...firstRules, ...serverRules, ...serviceRules].map(({ id, says, key, isNeeded, look }) => {
    const point = { id, says, ...(key === undefined ? {} : { key }) };
    if (isNeeded && !isNeeded(zone)) return { ...point, state: "not needed" };
    const found = look(zone);
    if (found === undefined) return { ...point, state: "met" };
    return typeof found === "string"
      ? { ...point, state: "not met", saw: found }
      : { ...point, state: "not known", saw: found.unknown };
  });
}
