// The steps around what replicas hold: give them something, wait until a node has all of it again, read each apart.

import { nowNs } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { Step } from "#spec/scenario.ts";
import type { StreamFigures } from "#spec/snapshot.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import { askMonitor, askStore, heldBy } from "#zone/store-api.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { StepContext } from "../step-context.ts";

const bulk = { stream: "facts_audit", subject: "facts.audit.bulk", consumer: "triad-keeper", bytesEach: 65_536 };
/** Acknowledged by the consumer, of the messages that are there: more than none and fewer than all. */
const acknowledged = 40;
const fillTimeoutMs = 10_000;
const fillDeadlineMs = 60_000;
/** Some 6,000 facts and 10 MB of bulk from three replicas take 3 s. */
const dumpTimeoutMs = 60_000;
const lookMs = 100;

export async function fill({ zone, feed, seed }: StepContext, bytes: number): Promise<void> {
  const messages = Math.ceil(bytes / bulk.bytesEach);
  const request = { do: "fill", ...bulk, prefix: `bulk-${seed}`, messages, acknowledged } as const;
  const told = await zone.askNode(anyUp(zone), { ...request, timeoutMs: fillTimeoutMs }, fillDeadlineMs);
  feed.mark("filled", { ...told });
}

export async function dumpReplicas(
  { zone, feed }: StepContext,
  { label, streams }: Extract<Step, { step: "dump-replicas" }>,
): Promise<void> {
  const request = { do: "dump-replicas", label, streams } as const;
  const from = { facts_operational: feed.firstOffset };
  await zone.askNode(anyUp(zone), { ...request, from, timeoutMs: dumpTimeoutMs }, dumpTimeoutMs + 5_000);
}

/** Every stream has all its replicas, `node` among them, by the word of their leaders. That it has not is a finding. */
export async function awaitCurrent(
  { zone, feed, signal }: StepContext,
  { node, deadlineMs }: Extract<Step, { step: "await-current" }>,
): Promise<void> {
  try {
    await pollUntil(() => lookAtReplicas(zone, node), {
      what: `the replicas on ${node} to be current`,
      deadlineMs,
      intervalMs: lookMs,
      signal,
    });
    const atNs = nowNs();
    const held = await heldBy(zone, node);
    const bytes = [...held.values()].reduce((sum, one) => sum + one.bytes, 0);
    feed.record({
      t: atNs,
      type: "mark",
      mark: "caught-up",
      detail: { node, bytes, receivedBytes: await receivedBytes(zone, node), streams: [...held.keys()] },
    });
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "wait/timeout") throw error;
    feed.mark("caught-up", { node, isTimedOut: true, saw: error.message });
  }
}

async function lookAtReplicas(zone: StartedZone, node: NodeName): Promise<Look<true>> {
  try {
    const { streams, error } = await askStore<{ streams?: StreamInfo[] }>(zone, "STREAM.LIST");
    if (error || !streams || streams.length === 0) return { saw: error?.description ?? "no stream" };
    // Asked after the leaders: a replica that is current holds by then at least what they held.
    const held = await heldBy(zone, node);
    const lacking = streams
      .map((one) => lack(one, node) ?? fewer(one, held.get(one.config.name), node))
      .find((one) => one !== null);
    return lacking ? { saw: lacking } : { done: true };
  } catch (thrown) {
    return { saw: messageOf(thrown) };
  }
}

/** A leader calls a replica current that still writes down what it was sent: the node's own word is asked for as well. */
function fewer({ config, state }: StreamInfo, held: StreamFigures | undefined, node: NodeName): string | null {
  if (config.num_replicas < nodeNames.length) return null;
  if (held && held.lastSeq >= state.last_seq && held.messages >= state.messages) return null;
  return `${node} holds ${held?.messages ?? 0} of ${state.messages} messages of ${config.name}`;
}

/** Words for what a stream lacks on the node; null when nothing. A stream of one replica has no business with it. */
function lack({ config, cluster }: StreamInfo, node: NodeName): string | null {
  const replicas = cluster?.replicas ?? [];
  if (config.num_replicas < nodeNames.length) return null;
  if (!cluster?.leader) return `${config.name} has no leader`;
  const late = replicas.filter((one) => !one.current || one.offline === true);
  if (late.length > 0) return `${late.map((one) => one.name).join(", ")} of ${config.name} not current`;
  const names = [cluster.leader, ...replicas.map((one) => one.name)];
  return names.some((name) => name.includes(node)) ? null : `${config.name} has no replica on ${node}`;
}

interface Routez {
  routes?: { in_bytes?: number }[];
}

/** What the node's server was sent over its routes, which are as old as the server. */
async function receivedBytes(zone: StartedZone, node: NodeName): Promise<number> {
  const { routes = [] } = await askMonitor<Routez>(zone, node, { path: "/routez" });
  return routes.reduce((sum, one) => sum + (one.in_bytes ?? 0), 0);
}

/** The voter without a service first: it has the least to do. */
function anyUp(zone: StartedZone): NodeName {
  const node = [...nodeNames].reverse().find((name) => zone.node(name).isUp);
  if (!node) throw new HarnessError("run/internal", "no node of the zone is up");
  return node;
}
