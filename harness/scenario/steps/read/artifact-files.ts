// Steps "files" and "search": on which disk an artifact lies, and whether its content is in the message store. Answers
// are `files` and `search` events.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { artifactOf, bucket, filesOn } from "#scenario/artifacts.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Lists the artifacts on these nodes, as far as they are up. Gamma has no artifact storage. */
    files: { nodes: NodeName[] };
    /** Searches the artifact storage and the message store of every node that is up for the content of `name`. */
    search: { name: string };
  }
}

const searchDeadlineMs = 30_000;

export async function listFiles({ zone }: StepContext, { nodes }: StepOf<"files">): Promise<void> {
  const up = nodes.filter((node) => zone.node(node).isUp);
  await Promise.all(up.map((node) => filesOn(zone, node)));
}

export async function search(context: StepContext, { name }: StepOf<"search">): Promise<void> {
  const { zone } = context;
  const { key, content } = artifactOf(context, name);
  for (const node of nodeNames.filter((one) => zone.node(one).isUp)) {
    const { artifacts, jetstream } = zone.plan.contract.stores;
    const folders = zone.plan.nodes[node].controlAddress ? [artifacts, jetstream] : [jetstream];
    for (const folder of folders) {
      const request = { do: "search" as const, folder, key: `${bucket}/${key}`, content };
      await zone.askNode(node, request, searchDeadlineMs);
    }
  }
}
