// Steps "files", "search" and "await-copies": on which disk an artifact lies, and whether its content is in the message
// store. Answers are `files` and `search` events.

import { type Look, pollUntil } from "#base/poll.ts";
import { type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { artifactFolder, artifactOf, bucket, storeFolder } from "../artifacts.ts";
import { isTimeout } from "../mark-outcome.ts";
import { peerOf, type StepContext } from "../step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Lists the artifacts on these nodes, as far as they are up. Gamma has no artifact storage. */
    files: { nodes: NodeName[] };
    /** Searches the artifact storage and the message store of every node that is up for the content of `name`. */
    search: { name: string };
    /** Waits until each zone holds a copy of the other's artifact `name`; needs `peers`. */
    "await-copies": { name: string };
  }
}

const searchDeadlineMs = 30_000;
/** A page, the artifact, and a disk that may be slow for seconds. */
const copyDeadlineMs = 20_000;
const copyLookMs = 500;

export async function listFiles({ zone }: StepContext, { nodes }: StepOf<"files">): Promise<void> {
  const up = nodes.filter((node) => zone.node(node).isUp);
  await Promise.all(up.map((node) => filesOn(zone, node)));
}

export async function search(context: StepContext, { name }: StepOf<"search">): Promise<void> {
  const { zone } = context;
  const { key, content } = artifactOf(context, name);
  for (const node of nodeNames.filter((one) => zone.node(one).isUp)) {
    const folders = zone.plan.nodes[node].controlAddress ? [artifactFolder, storeFolder] : [storeFolder];
    for (const folder of folders) {
      const request = { do: "search" as const, folder, key: `${bucket}/${key}`, content };
      await zone.askNode(node, request, searchDeadlineMs);
    }
  }
}

export async function awaitCopies(context: StepContext, { name }: StepOf<"await-copies">): Promise<void> {
  const peer = peerOf(context);
  await awaitCopy({ of: context, in: peer }, name);
  await awaitCopy({ of: peer, in: context }, name);
}

/** Waits until a service-bearing node of one zone holds the other zone's artifact. A copy that does not come is a finding. */
async function awaitCopy(zones: { of: StepContext; in: StepContext }, name: string): Promise<void> {
  const path = `${bucket}/${artifactOf(zones.of, name).key}`;
  const { zone } = zones.in;
  const look = async (): Promise<Look<true>> => {
    const up = serviceNodes.filter((node) => zone.node(node).isUp);
    const lists = await Promise.all(up.map((node) => filesOn(zone, node)));
    return lists.some(({ paths }) => paths.includes(path)) ? { done: true } : { saw: "no such file" };
  };
  const options = {
    what: `a copy of ${path}`,
    deadlineMs: copyDeadlineMs,
    intervalMs: copyLookMs,
    signal: zones.of.signal,
  };
  await pollUntil(look, options).catch((error: unknown) => {
    if (!isTimeout(error)) throw error;
  });
}

function filesOn(zone: StepContext["zone"], node: NodeName): Promise<{ paths: string[] }> {
  return zone.askNode(node, { do: "files", folder: artifactFolder });
}
