// How each trigger of a `when` step is seen. Most are events that come into the history anyway.

import { HarnessError } from "#base/errors.ts";
import { nowNs } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import type { HistoryEvent, ObservedEvent } from "#history/event.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { Trigger, TriggerName } from "#spec/trigger.ts";
import { askStore } from "#zone/store-api.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { upNodes } from "#scenario/streams.ts";

/** Resolves with the next time at which it is seen. @throws HarnessError `wait/timeout` */
export function watchTrigger(context: StepContext, trigger: Trigger, deadlineMs: number): Promise<{ t: number }> {
  const options = { what: wordsOf(trigger), deadlineMs, signal: context.signal };
  const { node, stream = context.zone.plan.contract.streams.facts } = trigger;
  switch (trigger.sees) {
    case "leader-moved":
      return untilChanged(context, options, async () => (await infoOf(context, stream)).cluster?.leader);
    case "lease-renewed":
      return untilChanged(context, options, async () => (await infoOf(context, leaseStream(context))).state?.last_seq);
    default:
      return context.history.next(matcherOf(context, trigger.sees, node), options);
  }
}

type Edge = Exclude<TriggerName, "leader-moved" | "lease-renewed">;
const states: Record<Exclude<Edge, "answered">, (look: ObservedEvent) => boolean> = {
  "vip-gained": ({ ownsVip }) => ownsVip,
  "vip-lost": ({ ownsVip }) => !ownsVip,
  "listener-opened": ({ listens }) => listens.length > 0,
  "listener-closed": ({ listens }) => listens.length === 0,
};

/** A state counts from the look at which it began: it was another one before. */
function matcherOf(
  { history }: StepContext,
  sees: Edge,
  node: ServiceNode | undefined,
): (event: HistoryEvent) => boolean {
  if (sees === "answered") return (event) => event.type === "ok" && event.f === "append" && event.node === node;
  const isSo = states[sees];
  const last = node && history.lastLook(node);
  let was = last ? isSo(last) : false;
  return (event) => {
    if (event.type !== "observed" || event.node !== node) return false;
    const before = was;
    was = isSo(event);
    return was && !before;
  };
}

const askTimeoutMs = 1_500;
const lookMs = 15;
/** A message in it is a renewal. @throws HarnessError `fault/impossible` */
function leaseStream({ zone }: StepContext): string {
  const { lease } = zone.plan.contract.streams;
  if (lease === null) throw new HarnessError("fault/impossible", "the profile names no stream with the lease");
  return lease;
}

interface StreamInfo {
  cluster?: { leader?: string };
  state?: { last_seq?: number };
}

function infoOf(context: StepContext, stream: string): Promise<StreamInfo> {
  const [node] = upNodes(context);
  return askStore<StreamInfo>(context.zone, `STREAM.INFO.${stream}`, { node, timeoutMs: askTimeoutMs });
}

/** Asks again and again until the answer differs from the first one. No answer is no difference. */
async function untilChanged(
  { signal }: StepContext,
  { what, deadlineMs }: { what: string; deadlineMs: number },
  ask: () => Promise<string | number | undefined>,
): Promise<{ t: number }> {
  let first: string | number | undefined;
  return pollUntil<{ t: number }>(
    async () => {
      const now = await ask().catch(() => undefined);
      first ??= now;
      return now !== undefined && now !== first ? { done: { t: nowNs() } } : { saw: `${now ?? "no answer"}` };
    },
    { what, deadlineMs, intervalMs: lookMs, signal },
  );
}

function wordsOf({ sees, node, stream }: Trigger): string {
  return [sees, ...(node ? [`on ${node}`] : []), ...(stream ? [`of ${stream}`] : [])].join(" ");
}
