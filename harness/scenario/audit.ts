// Reads every fact back from a server, as `stored` events, and the state of every stream.

import { pollUntil } from "#base/poll.ts";
import type { StepContext } from "./step-context.ts";
import { lookAtStreams, upNodes } from "./streams.ts";

const readTimeoutMs = 20_000;
const currentDeadlineMs = 10_000;
const lookMs = 250;

/** The audit at the end of a scenario: its own facts, and what the zone held before it. */
export async function audit(context: StepContext): Promise<void> {
  await Promise.all([readFacts(context), readOlderFacts(context, "end")]);
  // A stream that is just electing a leader is asked again; its last answer stands.
  const options = {
    what: "every replica to be current",
    deadlineMs: currentDeadlineMs,
    intervalMs: lookMs,
    signal: context.signal,
  };
  await pollUntil(() => lookAtStreams(context), options).catch((error: unknown) => {
    if (context.signal.aborted) throw error;
  });
}

/** What the zone held before this scenario. Read at both ends; the checkers compare. */
export async function readOlderFacts({ zone, history }: StepContext, label: "start" | "end"): Promise<void> {
  const [node] = upNodes({ zone, history });
  const request = {
    do: "read-older",
    label,
    stream: zone.plan.contract.streams.facts,
    upTo: history.olderUpTo,
  } as const;
  await zone.askNode(node, { ...request, timeoutMs: readTimeoutMs }, readTimeoutMs + 5_000);
}

/** Every fact of this history, from one server that runs. */
export async function readFacts({ zone, history }: StepContext): Promise<void> {
  const [node] = upNodes({ zone, history });
  const request = { do: "audit", stream: zone.plan.contract.streams.facts, firstOffset: history.firstOffset } as const;
  await zone.askNode(node, { ...request, timeoutMs: readTimeoutMs }, readTimeoutMs + 5_000);
}
