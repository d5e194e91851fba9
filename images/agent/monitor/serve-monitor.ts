// Role "monitor": one look at the whole zone each time it is asked, all parts at once. It judges nothing and keeps
// nothing but its session through the VIP; harness/monitors folds what it sees.

import { nowNs } from "#base/clock.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { LookRequest, MonitorLook, MonitorRequest } from "#protocol/commands/monitor.ts";
import { goBefore } from "../priority.ts";
import { Outlet, serve } from "../stream.ts";
import { lookAtExchange } from "./exchange-look.ts";
import { HealthCall } from "./health-call.ts";
import { countControllers, lookAtCertificate, tryStorage } from "./node-files.ts";
import { lookAtServer } from "./server-look.ts";

type ByNode<T> = Partial<Record<NodeName, T>>;

class Monitor {
  #health: HealthCall | undefined;

  setUp(request: MonitorRequest): void {
    this.#health?.close();
    this.#health = new HealthCall(request);
  }

  async look(request: LookRequest): Promise<MonitorLook> {
    const sinceNs = nowNs();
    const { pids, timeoutMs } = request;
    const up = nodeNames.filter((name) => pids[name] !== undefined);
    const certified = up.filter((name) => request.certificateOn.includes(name));
    const written = up.filter((name) => request.storageOn.includes(name));
    const [servers, certificates, storage, health, exchange] = await Promise.all([
      eachOf(up, (name) => lookAtServer(pids[name]!, timeoutMs)),
      eachOf(certified, (name) => lookAtCertificate(pids[name]!)),
      eachOf(written, (name) => tryStorage(pids[name]!, timeoutMs)),
      this.#health?.ask(timeoutMs) ?? { error: "not set up" },
      request.exchange && lookAtExchange(request.exchange, timeoutMs),
    ]);
    const controllers = Object.fromEntries(up.map((name) => [name, countControllers(pids[name]!)]));
    const zone = { servers, certificates, controllers, storage, health };
    return { sinceNs, t: nowNs(), ...zone, ...(exchange ? { exchange } : {}) };
  }
}

async function eachOf<T>(names: readonly NodeName[], look: (name: NodeName) => Promise<T>): Promise<ByNode<T>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await look(name)] as const)));
}

export function serveMonitor(): void {
  goBefore();
  const monitor = new Monitor();
  serve("monitor", new Outlet(), {
    monitor: (request) => monitor.setUp(request),
    look: (request) => monitor.look(request),
  });
}
