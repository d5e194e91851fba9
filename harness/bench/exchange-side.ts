// One zone of the exchange benchmark, with its client and its monitor: load, pace, lag and id audit.

import { HarnessError } from "#base/errors.ts";
import type { NodeName } from "#spec/node.ts";
import { defaultLoad } from "#spec/scenario.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { Stretches } from "#protocol/commands/client.ts";
import type { IdAudit } from "#protocol/commands/server.ts";
import type { AgentProcess } from "#zone/agent-process.ts";
import type { StartedZone } from "#zone/zone.ts";

/** One zone of the pair, with its client. */
export interface Side {
  zone: StartedZone;
  client: AgentProcess<"client">;
  monitor: AgentProcess<"monitor">;
  name: string;
}

export async function sideOf(zone: StartedZone, seed: number, rate: number): Promise<Side> {
  const { plan } = zone;
  const client = await zone.openClient();
  const shared = {
    serverName: plan.spec.zoneId,
    certificates: { ...clientCertificatePaths },
    fingerprints: zone.fingerprints,
  };
  await client.ask({
    do: "load",
    target: `${plan.vip}:${plan.contract.ports.rpc}`,
    ...shared,
    zoneId: plan.spec.zoneId,
    toZone: plan.peer!.zoneId,
    callTimeoutMs: defaultLoad.callTimeoutMs,
    connectTimeoutMs: defaultLoad.connectTimeoutMs,
    firstOp: 1,
    seed,
    name: "bulk",
    appendPerS: rate,
    isQuiet: true,
  });
  const monitor = await zone.openMonitor();
  await monitor.ask({ do: "monitor", vip: plan.vip, rpcPort: plan.contract.ports.rpc, ...shared });
  return { zone, client, monitor, name: `${seed}-bulk` };
}

export async function acknowledgedSoFar({ client }: Side): Promise<number> {
  return (await client.ask({ do: "how-far" })).ok;
}

export async function stop({ client }: Side): Promise<Stretches> {
  const { acknowledged } = await client.ask({ do: "stop" });
  if (!acknowledged) throw new HarnessError("run/internal", "the client listed no acknowledged appends");
  return acknowledged;
}

export function pace(sides: readonly Side[], to: number): Promise<unknown> {
  return Promise.all(sides.map(({ client }) => client.ask({ do: "pace", appendPerS: to })));
}

/** Lag of the peer, from the store of this zone. Infinity while its server does not answer. */
export async function lagMs({ zone, monitor }: Side): Promise<number> {
  const exchange = { pid: zone.node(running(zone)).pid, peerZoneId: zone.plan.peer!.zoneId };
  const nothingElse = { pids: {}, certificateOn: [], storageOn: [] };
  const look = await monitor.ask({ do: "sample", ...nothingElse, exchange, timeoutMs: 2_000 });
  return look.exchange?.lagMs ?? Infinity;
}

function running(zone: StartedZone): NodeName {
  const up = (["gamma", "beta", "alpha"] as const).find((name) => zone.node(name).isUp);
  if (!up) throw new HarnessError("run/internal", "no node of the zone is up");
  return up;
}

export function auditIds({ zone }: Side): Promise<IdAudit> {
  const timeoutMs = 60_000;
  const request = { do: "audit-ids", stream: zone.plan.contract.streams.facts, timeoutMs } as const;
  return zone.askNode(running(zone), request, timeoutMs + 5_000);
}
