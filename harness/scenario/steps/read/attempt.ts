// Step "attempt": which ports of a node answer to another host, as `attempt` events.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { PortName } from "#spec/contract/node-contract.ts";
import type { StepOf } from "#spec/steps.ts";
import type { PlannedNode } from "#topology/plan.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Tries to connect to these ports of every other node, from each of these hosts. */
    attempt: { from: (NodeName | "client")[]; ports: (PortName | number)[] };
  }
}

/**
 * A bound for the start of the program that tries, on a machine that may have no core free; a kernel answers at once.
 */
const timeoutMs = 5_000;

/** Each host tries every address of every other node that it shares a segment with. */
export async function attempt({ zone }: StepContext, step: StepOf<"attempt">): Promise<void> {
  const all = nodeNames.map((name) => zone.plan.nodes[name]);
  const { ports } = zone.plan.contract;
  await Promise.all(
    step.from.map((from) => {
      const own = from === "client" ? undefined : zone.plan.nodes[from];
      const targets = all
        .filter((one) => one !== own)
        .flatMap((one) => addressesFor(own, one))
        .flatMap((address) => step.ports.map((port) => `${address}:${typeof port === "number" ? port : ports[port]}`));
      const inside = from === "client" ? {} : { pid: zone.node(from).pid };
      return zone.actuator.ask({ do: "attempt", from, targets, timeoutMs, ...inside });
    }),
  );
}

function addressesFor(own: PlannedNode | undefined, other: PlannedNode): string[] {
  return own?.controlAddress && other.controlAddress ? [other.zoneAddress, other.controlAddress] : [other.zoneAddress];
}
