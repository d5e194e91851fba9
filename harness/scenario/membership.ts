// Which nodes are up, which one is active, and whether a node is a member: it runs, it is standby where it serves, and
// every stream has all its replicas.

import { HarnessError } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import { isServiceNode, type NodeName } from "#spec/node.ts";
import { isTimeout } from "./mark-outcome.ts";
import type { StepContext } from "./step-context.ts";
import { lookAtStreams } from "./streams.ts";

const lookMs = 250;

type Watched = Pick<StepContext, "zone" | "history" | "signal">;

export function isActive({ history }: Pick<StepContext, "history">, name: NodeName): boolean {
  const seen = history.lastLook(name);
  return seen?.isAlive === true && seen.ownsVip && seen.listens.length > 0;
}

/** Waits until the node owns the VIP and listens. @throws HarnessError `wait/timeout` */
export async function untilActive(context: Watched, name: NodeName, deadlineMs: number): Promise<void> {
  await pollUntil(() => (isActive(context, name) ? { done: true } : { saw: `${name} is not active` }), {
    what: `${name} to be active again`,
    deadlineMs,
    intervalMs: lookMs,
    signal: context.signal,
  });
}

/** Waits until the node is a member. @throws HarnessError `wait/timeout` */
export async function untilMember(context: Watched, name: NodeName, deadlineMs: number): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    // The cheap look comes first and last: the streams take a while to answer, and roles may have changed by then.
    const saw = lacksMembership(context, name);
    if (saw) return { saw };
    const streams = await lookAtStreams(context);
    const now = lacksMembership(context, name);
    return now ? { saw: now } : streams;
  };
  await pollUntil(look, {
    what: `${name} to be a member again`,
    deadlineMs,
    intervalMs: lookMs,
    signal: context.signal,
  });
}

/** Waits for the state in which every scenario begins. @throws HarnessError `zone/not-ready` */
export async function untilSteady(context: Watched, deadlineMs: number): Promise<void> {
  try {
    await untilMember(context, "beta", deadlineMs);
  } catch (error) {
    throw isTimeout(error) ? new HarnessError("zone/not-ready", error.message) : error;
  }
}

/** Says what keeps a node from being a member, by its last look; null when nothing does. */
function lacksMembership({ history }: Watched, name: NodeName): string | null {
  const seen = history.lastLook(name);
  if (!seen?.isAlive) return `${name} is down`;
  if (!isServiceNode(name)) return null;
  if (seen.role === "BACKUP" && !seen.ownsVip && seen.listens.length === 0) return null;
  return `${name} is ${seen.role ?? "without a role"}, owns VIP: ${seen.ownsVip}, listens: ${seen.listens.join(" ") || "no"}`;
}
