// The replicas of every stream on one node: are they current, and how much had to be sent to them.

import { HarnessError, messageOf } from "#base/errors.ts";
import type { Look } from "#base/poll.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { StreamFigures } from "#spec/snapshot.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import { askMonitor, askStore, heldBy } from "#zone/store-api.ts";
import type { StartedZone } from "#zone/zone.ts";

/** The node that has the least to do, among those that are up. @throws HarnessError `run/internal` when none is. */
export function spareNode(zone: StartedZone): NodeName {
  const node = [...nodeNames].reverse().find((name) => zone.node(name).isUp);
  if (!node) throw new HarnessError("run/internal", "no node of the zone is up");
  return node;
}

/** Done when every stream has all its replicas, one on `node` among them. Asks both their leaders and the node. */
export async function lookAtReplicas(zone: StartedZone, node: NodeName): Promise<Look<true>> {
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

/** A leader calls a replica current that is still writing: the node itself is asked too. */
function fewer({ config, state }: StreamInfo, held: StreamFigures | undefined, node: NodeName): string | null {
  if (config.num_replicas < nodeNames.length) return null;
  if (held && held.lastSeq >= state.last_seq && held.messages >= state.messages) return null;
  return `${node} holds ${held?.messages ?? 0} of ${state.messages} messages of ${config.name}`;
}

/** Says what a stream lacks on the node; null when nothing. Streams with fewer replicas than nodes are left out. */
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

/** Bytes that the node's server received over its routes since it started. */
export async function receivedBytes(zone: StartedZone, node: NodeName): Promise<number> {
  const { routes = [] } = await askMonitor<Routez>(zone, node, { path: "/routez" });
  return routes.reduce((sum, one) => sum + (one.in_bytes ?? 0), 0);
}
