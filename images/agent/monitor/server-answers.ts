// What a monitor needs from a server's answers on /healthz and /jsz. Pure.

import type { ServerSample } from "#protocol/commands/monitor.ts";
import type { HttpAnswer } from "../namespace/monitor-port.ts";

/** Of /jsz. Only the leader gives `replicas`. */
interface Jsz {
  meta_cluster?: {
    leader?: string;
    replicas?: { name: string; current?: boolean; offline?: boolean; active?: number }[];
  };
}

/** @throws when /jsz is not JSON. */
export function serverSampleOf(health: HttpAnswer, jetstream: HttpAnswer): ServerSample {
  const { meta_cluster: group } = JSON.parse(jetstream.text) as Jsz;
  const isHealthy = health.status === 200;
  return {
    isHealthy,
    ...(isHealthy ? {} : { why: whyOf(health) }),
    leader: group?.leader || null,
    ...(group?.replicas
      ? {
          voters: group.replicas.map(({ name, offline, active }) => ({
            name,
            isOnline: offline !== true,
            silentMs: Math.round((active ?? 0) / 1e6),
          })),
        }
      : {}),
  };
}

function whyOf({ status, text }: HttpAnswer): string {
  try {
    const { error } = JSON.parse(text) as { error?: string };
    return error ?? `status ${status}`;
  } catch {
    return `status ${status}`;
  }
}
