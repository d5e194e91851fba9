// Step "read-gates": the state of a node's gates, as its own gate program wrote it, as a `gates` event.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { GateReader } from "#spec/contract/node-contract.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Writes down what a node's gates say. */
    "read-gates": { node: ServiceNode };
  }
}

const timeoutMs = 3_000;

export async function readGates({ zone, history }: StepContext, { node }: StepOf<"read-gates">): Promise<void> {
  const { gates: reader } = zone.plan.contract;
  // The entries that need it find no reading, and are unknown.
  if (!reader) return;
  const argv = reader.command ?? ["cat", reader.file ?? ""];
  const { stdout } = await zone.askNode(node, {
    do: "run-inside",
    namespaces: reader.command ? ["net", "mnt", "pid"] : ["mnt"],
    argv,
    timeoutMs,
  });
  history.record({ t: nowNs(), type: "gates", node, gates: gatesOf(stdout, reader, argv.join(" ")) });
}

interface GateLine {
  name: string;
  isOpen: boolean;
  why: string;
}

function gatesOf(text: string, { names }: GateReader, from: string): Record<string, { isOpen: boolean; why: string }> {
  try {
    const { gates } = JSON.parse(text) as { gates: GateLine[] };
    const ours = new Map(Object.entries(names).map(([gate, name]) => [name, gate]));
    return Object.fromEntries(gates.map(({ name, isOpen, why }) => [ours.get(name) ?? name, { isOpen, why }]));
  } catch {
    throw new HarnessError("image/breaks-contract", `${from} gives "${text.slice(0, 80)}"`, {
      expected: "an object with gates",
    });
  }
}
