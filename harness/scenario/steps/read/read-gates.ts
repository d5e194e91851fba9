// Step "read-gates": the state of a node's gates, as its own gate program wrote it, as a `gates` event.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Writes down what a node's gates say. */
    "read-gates": { node: ServiceNode };
  }
}

/** Path of the node contract. */
const gatesFile = "/run/bsfg/gates.json";
const timeoutMs = 3_000;

export async function readGates({ zone, history }: StepContext, { node }: StepOf<"read-gates">): Promise<void> {
  const { stdout } = await zone.askNode(node, {
    do: "run-inside",
    namespaces: ["mnt"],
    argv: ["cat", gatesFile],
    timeoutMs,
  });
  history.record({ t: nowNs(), type: "gates", node, gates: gatesOf(stdout) });
}

interface GateLine {
  name: string;
  isOpen: boolean;
  why: string;
}

function gatesOf(text: string): Record<string, { isOpen: boolean; why: string }> {
  try {
    const { gates } = JSON.parse(text) as { gates: GateLine[] };
    return Object.fromEntries(gates.map(({ name, isOpen, why }) => [name, { isOpen, why }]));
  } catch {
    throw new HarnessError("image/breaks-contract", `${gatesFile} holds "${text.slice(0, 80)}"`, {
      expected: "an object with gates",
    });
  }
}
