// Steps "capture" and "end-capture": VRRP seen on interfaces, as `vrrp` and `capture` events.

import { HarnessError } from "#base/errors.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { addressOn } from "#topology/plan-zone.ts";
import type { StartedNode } from "#zone/node.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /**
     * Captures VRRP at these interfaces from now on, until "end-capture". The client host has no interface on the
     * control segment.
     */
    capture: { at: { host: NodeName | "client"; segment: Segment }[] };
    "end-capture": object;
  }
}

/** Returns when every capture runs. */
export async function beginCapture({ zone }: StepContext, { at }: StepOf<"capture">): Promise<void> {
  await Promise.all(
    at.map(({ host, segment }) => {
      if (host === "client")
        return zone.actuator.ask({ do: "capture", seenBy: host, segment, address: zone.plan.agent.address });
      const node = zone.node(host);
      const address = addressOf(node, segment);
      return zone.actuator.ask({ do: "capture", pid: node.pid, seenBy: host, segment, address });
    }),
  );
}

/** Ends all captures; each writes how much it saw. */
export async function endCapture({ zone }: StepContext): Promise<void> {
  await zone.actuator.ask({ do: "stop-captures" });
}

function addressOf(node: StartedNode, on: Segment): string {
  const address = addressOn(node.plan, on);
  if (address === undefined) throw new HarnessError("run/internal", `${node.name} has no interface on ${on}`);
  return address;
}
