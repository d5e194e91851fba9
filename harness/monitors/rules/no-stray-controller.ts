// MON-5: beta and gamma run no controller unless they hold the VIP.

import type { NodeName } from "#spec/node.ts";
import { gone, green, type Judgement, type MonitorRule, red, worst } from "../rule.ts";
import { goneWhy, type ZoneState } from "../zone-state.ts";

export const noStrayController: MonitorRule = {
  reads: "both",
  judge: (zone) => worst((["beta", "gamma"] as const).map((name) => strayOn(zone, name))),
};

function strayOn(zone: ZoneState, name: NodeName): Judgement {
  const why = goneWhy(zone, name);
  if (why !== undefined) return gone(why);
  const sinceNs = zone.straySinceNs[name];
  const isStray = sinceNs !== undefined && zone.t - sinceNs >= zone.limits.strayMs * 1e6;
  return isStray ? red(`${name} runs a controller without the VIP`) : green("none");
}
