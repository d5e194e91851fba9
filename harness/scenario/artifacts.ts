// The artifacts of a scenario: their names, their content and where a node stores them.

import type { StepContext } from "./step-context.ts";

export const bucket = "triad";
const artifactBytes = 65_536;

/** Folders of the node contract. */
export const artifactFolder = "/artifacts";
export const storeFolder = "/data/jetstream";

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
