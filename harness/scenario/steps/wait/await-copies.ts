// Step "await-copies": the zones of a pair have fetched each other's artifact. Each look writes `files` events.

import { type Look, pollUntil } from "#base/poll.ts";
import { serviceNodes } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { artifactOf, bucket, filesOn } from "#scenario/artifacts.ts";
import { isTimeout } from "#scenario/mark-outcome.ts";
import { peerOf, type StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Waits until each zone holds a copy of the other's artifact `name`; needs `peers`. */
    "await-copies": { name: string };
  }
}

/** A page, the artifact, and a disk that may be slow for seconds. */
const copyDeadlineMs = 20_000;
const copyLookMs = 500;

export async function awaitCopies(context: StepContext, { name }: StepOf<"await-copies">): Promise<void> {
  const peer = peerOf(context);
  await awaitCopy({ of: context, in: peer }, name);
  await awaitCopy({ of: peer, in: context }, name);
}

/**
 * Waits until a service-bearing node of one zone holds the other zone's artifact. A copy that does not come is a
 * finding.
 */
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
