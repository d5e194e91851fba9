// The steps "capture" and "end-capture": VRRP as it is seen in the places asked for, as `vrrp` and `capture` events.

import { HarnessError } from "#base/errors.ts";
import type { Segment } from "#spec/node.ts";
import type { Step } from "#spec/scenario.ts";
import { addressOn } from "#topology/plan-zone.ts";
import type { StartedNode } from "#zone/node.ts";
import type { StepContext } from "../step-context.ts";

type Place = Extract<Step, { step: "capture" }>["at"][number];

/** Returns when it looks in every one of the places. */
export async function beginCapture({ zone }: StepContext, at: readonly Place[]): Promise<void> {
  await Promise.all(
    at.map(({ host, segment }) => {
      if (host === "client")
        return zone.actuator.ask({ do: "capture", seenBy: host, segment, address: zone.plan.agent.address });
      const node = zone.node(host);
      return zone.actuator.ask({
        do: "capture",
        pid: node.pid,
        seenBy: host,
        segment,
        address: addressOf(node, segment),
      });
    }),
  );
}

function addressOf(node: StartedNode, on: Segment): string {
  const address = addressOn(node.plan, on);
  if (address === undefined) throw new HarnessError("run/internal", `${node.name} has no leg on the ${on} segment`);
  return address;
}

/** Ends all captures; each tells how much it saw. */
export async function endCapture({ zone }: StepContext): Promise<void> {
  await zone.actuator.ask({ do: "stop-captures" });
}
