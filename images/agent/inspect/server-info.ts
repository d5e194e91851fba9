// Turns what a nats-server reports on its monitoring port into one `server` event. Field names as in nats-server 2.10.
// What it reports about others stays separate from what it reports about itself: only the leader of the meta group
// names the voters.

import { nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { messageOf } from "#base/errors.ts";
import type { HeldStream, ServerEvent } from "#history/event.ts";
import type { NodeName } from "#spec/node.ts";
import type { ServerQuery } from "#protocol/commands/server.ts";
import type { Emit } from "../role/outlet.ts";
import { askMonitor } from "../namespace/monitor-port.ts";

interface Varz {
  version?: string;
  cluster?: { urls?: string[] };
  jetstream?: { config?: { sync_interval?: number; sync_always?: boolean; store_dir?: string } };
}

interface Routez {
  routes?: { remote_name?: string; ip?: string }[];
}

interface Connz {
  connections?: { name?: string; ip?: string; port?: number }[];
}

interface Healthz {
  status?: string;
}

/** As nats-server names them. */
type Settings = Record<string, unknown>;

interface ConsumerDetail {
  name: string;
  config?: { durable_name?: string; num_replicas?: number } & Settings;
}

interface StreamDetail {
  name: string;
  config?: { num_replicas?: number; storage?: string } & Settings;
  state: { messages: number; bytes: number };
  consumer_detail?: ConsumerDetail[];
}

interface Jsz {
  disabled?: boolean;
  meta_cluster?: { leader?: string; cluster_size?: number; replicas?: { name: string; offline?: boolean }[] };
  account_details?: { name?: string; stream_detail?: StreamDetail[] }[];
}

const jszPath = "/jsz?accounts=true&streams=true&consumers=true&config=true";

/** Emits a `server` event. A missing answer is recorded too, so this never rejects. */
export async function emitServer(request: ServerQuery, emit: Emit): Promise<void> {
  emit(await askServer(request));
}

async function askServer({ node, pid, timeoutMs }: ServerQuery): Promise<ServerEvent> {
  try {
    const answers = await askMonitor(pid, ["/varz", "/routez", "/connz", jszPath, "/healthz"], timeoutMs);
    const [varz, routez, connz, jsz, healthz] = answers.map(({ text }) => JSON.parse(text) as unknown);
    const parts = [
      aboutServer(varz as Varz),
      aboutLinks(routez as Routez, connz as Connz),
      aboutJetStream(jsz as Jsz),
      { isHealthy: (healthz as Healthz).status === "ok" },
    ];
    return Object.assign(bare(node, true), ...parts) as ServerEvent;
  } catch (error) {
    return { ...bare(node, false), error: messageOf(error) };
  }
}

function bare(node: NodeName, isReachable: boolean): ServerEvent {
  return { t: nowNs(), type: "server", node, isReachable };
}

/** Pure. */
export function aboutServer({ version, cluster, jetstream }: Varz): Partial<ServerEvent> {
  const config = jetstream?.config;
  return {
    ...defined({ version, syncIntervalNs: config?.sync_interval, storeDir: config?.store_dir }),
    configuredRoutes: cluster?.urls ?? [],
    ...(config ? { syncAlways: config.sync_always === true } : {}),
  };
}

/** Each peer once: a server keeps several connections to it. Pure. */
export function aboutLinks({ routes = [] }: Routez, { connections = [] }: Connz): Partial<ServerEvent> {
  const peers = new Map(routes.map(({ remote_name: name = "", ip = "" }) => [`${name} ${ip}`, { name, address: ip }]));
  return {
    routes: [...peers.values()],
    clients: connections.map(({ name = "", ip, port }) => ({ name, address: `${ip}:${port}` })),
  };
}

/** Pure. */
export function aboutJetStream(jsz: Jsz): Partial<ServerEvent> {
  if (jsz.disabled) return { hasJetStream: false };
  const { leader, cluster_size: metaSize, replicas } = jsz.meta_cluster ?? {};
  const others = (replicas ?? []).map(({ name, offline }) => ({ name, isOnline: offline !== true }));
  // In 2.15 a follower lists its peers too, the leader among them and itself not. Only the leader's list is whole.
  const isLeaders = replicas !== undefined && !replicas.some(({ name }) => name === leader);
  return {
    hasJetStream: true,
    metaLeader: leader ?? null,
    ...defined({ metaSize }),
    ...(leader && isLeaders ? { voters: [{ name: leader, isOnline: true }, ...others] } : {}),
    streams: (jsz.account_details ?? []).flatMap(({ name: account = "", stream_detail: streams = [] }) =>
      streams.map((one) => ({ ...heldStream(one), account })),
    ),
  };
}

function heldStream({ name, config, state, consumer_detail: consumers = [] }: StreamDetail): HeldStream {
  const replicas = config?.num_replicas ?? 1;
  const durable = consumers.filter((one) => one.config?.durable_name);
  const passing = consumers.filter((one) => !one.config?.durable_name);
  return {
    name,
    replicas,
    storage: config?.storage === "memory" ? "memory" : "file",
    messages: state.messages,
    bytes: state.bytes,
    // 0 means as many as the stream has.
    consumers: durable.map((one) => ({
      name: one.name,
      replicas: one.config?.num_replicas || replicas,
      ...defined({ settings: one.config }),
    })),
    readers: passing.map((one) => ({ name: one.name, settings: one.config ?? {} })),
    ...defined({ settings: config }),
  };
}
