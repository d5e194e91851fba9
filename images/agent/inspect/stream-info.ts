// How nats-server describes streams, and the history event made from that. Pure.

import type { StreamEvent } from "#history/event.ts";
import type { NodeName } from "#spec/node.ts";
import type { StreamInfo } from "#spec/stream-info.ts";

/** A stream_detail of /jsz. */
export type StreamDetail = Pick<StreamInfo, "state" | "cluster"> & { name: string };

interface Jsz {
  meta_cluster?: { cluster_size?: number };
  account_details?: { stream_detail?: StreamDetail[] }[];
}

/** The streams that a server itself knows. */
export function localStreams(jsz: unknown): StreamDetail[] {
  return ((jsz as Jsz).account_details ?? []).flatMap((account) => account.stream_detail ?? []);
}

/** Voters of the meta group; 0 when the server names no cluster. */
export function metaSize(jsz: unknown): number {
  return (jsz as Jsz).meta_cluster?.cluster_size ?? 0;
}

export function streamEvent(node: NodeName, info: StreamDetail, t: number): StreamEvent {
  const replicas = (info.cluster?.replicas ?? []).map(({ name, current, offline, lag }) => ({
    name,
    isCurrent: current && offline !== true,
    lag: lag ?? 0,
  }));
  return {
    t,
    type: "stream",
    node,
    stream: info.name,
    leader: info.cluster?.leader || null,
    replicas,
    messages: info.state.messages,
  };
}
