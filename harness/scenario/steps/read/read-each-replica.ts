// Step "read-each-replica": reads the facts from each replica alone. Controller and audit both ask the stream's leader,
// so each node in turn is made the leader. nats-server 2.10 cannot be told which node leads next. So the present leader
// is asked to step down until the wanted node leads. A `read-back` mark names the leader and says what it served.

import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { askStore } from "#zone/store-api.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Makes each node the leader of the facts in turn and reads them all back from it. */
    "read-each-replica": object;
  }
}

const askTimeoutMs = 3_000;
const readTimeoutMs = 20_000;
/** Each try is an election between the two followers. Half of the elections choose the wrong one. */
const leadDeadlineMs = 90_000;
const lookMs = 1_000;

const factsOf = ({ zone }: StepContext): string => zone.plan.contract.streams.facts;

export async function readEachReplica(context: StepContext): Promise<void> {
  for (const node of nodeNames) {
    try {
      await untilLeader(context, node);
      const messages = await read(context, node);
      const after = await leaderOf(context);
      if (after === node) context.history.mark("read-back", { isReadable: true, leader: node, messages });
      else
        context.history.mark("read-back", {
          isReadable: false,
          leader: node,
          saw: `${after ?? "no node"} led at the end`,
        });
    } catch (error) {
      if (context.signal.aborted || !(error instanceof HarnessError)) throw error;
      context.history.mark("read-back", { isReadable: false, leader: node, saw: error.message });
    }
  }
}

async function untilLeader(context: StepContext, node: NodeName): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    const leader = await leaderOf(context);
    if (leader === node) return { done: true };
    if (leader === undefined) return { saw: "no leader" };
    await ask(context, `STREAM.LEADER.STEPDOWN.${factsOf(context)}`).catch((error: unknown) => void messageOf(error));
    return { saw: `${leader} leads` };
  };
  await pollUntil(look, {
    what: `${node} to lead the fact stream`,
    deadlineMs: leadDeadlineMs,
    intervalMs: lookMs,
    signal: context.signal,
  });
}

async function leaderOf(context: StepContext): Promise<NodeName | undefined> {
  const answer = await ask<{ cluster?: { leader?: string } }>(context, `STREAM.INFO.${factsOf(context)}`).catch(
    () => undefined,
  );
  return nodeNames.find((name) => name === answer?.cluster?.leader);
}

function ask<T>({ zone }: StepContext, api: string): Promise<T> {
  return askStore<T>(zone, api, { node: "alpha", timeoutMs: askTimeoutMs });
}

async function read({ zone, history }: StepContext, node: NodeName): Promise<number> {
  const request = {
    do: "audit",
    stream: zone.plan.contract.streams.facts,
    firstOffset: history.firstOffset,
    isOfLeader: true,
  } as const;
  const reply = await zone.askNode(node, { ...request, timeoutMs: readTimeoutMs }, readTimeoutMs + 5_000);
  return reply.messages;
}
