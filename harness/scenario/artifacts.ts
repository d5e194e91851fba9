// The artifacts of a scenario: their names, their content and where a node stores them.

import type { NodeName } from "#spec/node.ts";
import type { StepContext } from "./step-context.ts";

export const bucket = "triad";
const artifactBytes = 65_536;

export interface Artifact {
  key: string;
  /** The agent makes the content from these. */
  content: { seed: string; bytes: number };
}

/** The seed is part of the key: in a zone that is used again, an earlier scenario's artifact has another key. */
export function artifactOf({ seed }: Pick<StepContext, "seed">, name: string): Artifact {
  const key = `${name}-${seed}`;
  return { key, content: { seed: key, bytes: artifactBytes } };
}

/** Paths below the artifact folder of a node; also written as a `files` event. */
export function filesOn(zone: StepContext["zone"], node: NodeName): Promise<{ paths: string[] }> {
  return zone.askNode(node, { do: "files", folder: zone.plan.contract.stores.artifacts });
}
