// Steps "provoke" and "repair": faults are injected, and taken back.

import type { FaultSpec } from "#spec/faults.ts";
import { type NodeName, nodeNames, type ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { isActive } from "#scenario/membership.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Injects the faults all at once; `to` says that the VIP must move there. */
    provoke: { faults: FaultSpec[]; to?: ServiceNode };
    /** Heals the standing faults of these nodes. */
    repair: { nodes: NodeName[] };
  }
}

export async function provoke(context: StepContext, { faults, to }: StepOf<"provoke">): Promise<void> {
  if (to !== undefined) {
    const { zone, history, service } = context;
    // The failover begins at a node that serves. A repair before may have caused an election.
    await service.untilServed();
    // The client must have believed in the failing node until the fault, or it would look for the VIP by itself.
    history.mark("neighbour", await zone.actuator.ask({ do: "fresh-neighbour", address: zone.plan.vip }));
  }
  const from = nodeNames.find((name) => isActive(context, name));
  context.history.mark("provoked", { expectsFailover: to !== undefined, from: from ?? null, ...(to ? { to } : {}) });
  // Several faults at once: none waits for the proof of another.
  await Promise.all(faults.map((fault) => context.injector.inject(fault)));
}

export async function repair({ injector, history }: StepContext, { nodes }: StepOf<"repair">): Promise<void> {
  await injector.heal(nodes);
  for (const node of nodes) history.mark("repaired", { node });
}
