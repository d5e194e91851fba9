// Step "dump-replicas": what each replica of a stream holds, as a `replica-dump` event.

import { streamNamed } from "#spec/contract/node-contract.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { spareNode } from "#scenario/replicas.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Writes down what each replica of each of these streams holds. */
    "dump-replicas": { label: string; streams: string[] };
  }
}

/** About 6,000 facts and 10 MB of bulk from three replicas take 3 s. */
const timeoutMs = 60_000;

export async function dumpReplicas(
  { zone, history }: StepContext,
  { label, streams: asked }: StepOf<"dump-replicas">,
): Promise<void> {
  const names = zone.plan.contract.streams;
  const streams = asked.flatMap((one) => streamNamed(names, one) ?? []);
  const request = { do: "dump-replicas", label, streams } as const;
  const from = { [names.facts]: history.firstOffset };
  await zone.askNode(spareNode(zone), { ...request, from, timeoutMs }, timeoutMs + 5_000);
}
