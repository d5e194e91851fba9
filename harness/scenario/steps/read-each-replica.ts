// Reads the facts from each replica by itself: each node in turn is made the stream's leader, and the leader is what is
// asked, by the controller as by the audit. nats-server 2.10 takes no wish for who leads next, so the one that leads is asked to
// step down until it is the one that is wanted. What each served is told by a read-back mark that names it.

import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { askStore } from "#zone/store-api.ts";
import type { StepContext } from "../step-context.ts";

const stream = "facts_operational";
const askTimeoutMs = 3_000;
const readTimeoutMs = 20_000;
/** Each try is an election; one in two leads to the wrong one of the other two. */
const leadDeadlineMs = 90_000;
const lookMs = 1_000;

export async function readEachReplica(site: StepContext): Promise<void> {
  for (const node of nodeNames) {
    try {
      await untilLeader(site, node);
      const messages = await read(site, node);
      const after = await leaderOf(site);
      if (after === node) site.feed.mark("read-back", { isReadable: true, leader: node, messages });
      else site.feed.mark("read-back", { isReadable: false, leader: node, saw: `${after ?? "nobody"} led at its end` });
    } catch (error) {
      if (site.signal.aborted || !(error instanceof HarnessError)) throw error;
      site.feed.mark("read-back", { isReadable: false, leader: node, saw: error.message });
    }
  }
}

async function untilLeader(site: StepContext, node: NodeName): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    const leader = await leaderOf(site);
    if (leader === node) return { done: true };
    if (leader === undefined) return { saw: "no leader" };
    await ask(site, `STREAM.LEADER.STEPDOWN.${stream}`).catch((error: unknown) => void messageOf(error));
    return { saw: `${leader} leads` };
  };
  await pollUntil(look, {
    what: `${node} to lead the fact stream`,
    deadlineMs: leadDeadlineMs,
    intervalMs: lookMs,
    signal: site.signal,
  });
}

async function leaderOf(site: StepContext): Promise<NodeName | undefined> {
  const answer = await ask<{ cluster?: { leader?: string } }>(site, `STREAM.INFO.${stream}`).catch(() => undefined);
  return nodeNames.find((name) => name === answer?.cluster?.leader);
}

function ask<T>({ zone }: StepContext, api: string): Promise<T> {
  return askStore<T>(zone, api, { node: "alpha", timeoutMs: askTimeoutMs });
}

async function read({ zone, feed }: StepContext, node: NodeName): Promise<number> {
  const request = { do: "audit", stream, firstOffset: feed.firstOffset, isOfLeader: true } as const;
  const told = await zone.askNode(node, { ...request, timeoutMs: readTimeoutMs }, readTimeoutMs + 5_000);
  return told.messages;
}
