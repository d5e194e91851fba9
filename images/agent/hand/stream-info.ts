// The shapes nats-server tells about streams in, and the history event made from them. Pure.

import type { StreamEvent } from "#history/event.ts";
import type { NodeName } from "#spec/node.ts";

/** Of $JS.API.STREAM.INFO, and of a stream_detail in /jsz, as far as it is used. */
export interface StreamInfo {
  config: { name: string; num_replicas?: number };
  state: { messages: number; first_seq: number; last_seq: number };
  cluster?: { leader?: string; replicas?: { name: string; current: boolean; offline?: boolean; lag?: number }[] };
}

interface Jsz {
  meta_cluster?: { cluster_size?: number };
  account_details?: { stream_detail?: (Omit<StreamInfo, "config"> & { name: string })[] }[];
}

/** The streams a server knows of by itself. */
export function localStreams(jsz: unknown): StreamInfo[] {
  const details = ((jsz as Jsz).account_details ?? []).flatMap((account) => account.stream_detail ?? []);
  return details.map(({ name, ...rest }) => ({ ...rest, config: { name } }));
}

/** Voters of the meta group; 0 when the server says nothing of a cluster. */
export function metaSize(jsz: unknown): number {
  return (jsz as Jsz).meta_cluster?.cluster_size ?? 0;
}

export function streamEvent(node: NodeName, info: StreamInfo, t: number): StreamEvent {
  const replicas = (info.cluster?.replicas ?? []).map(({ name, current, offline, lag }) => ({
    name,
    isCurrent: current && offline !== true,
    lag: lag ?? 0,
  }));
  return {
    t,
    type: "stream",
    node,
    stream: info.config.name,
    leader: info.cluster?.leader || null,
    replicas,
    messages: info.state.messages,
  };
}
