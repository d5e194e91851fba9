// Role "monitor": samples the whole zone on request, all parts at once. It judges nothing and keeps only its session
// through the VIP. harness/monitors turns the samples into states.

import { nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { SampleRequest, MonitorSample, MonitorRequest } from "#protocol/commands/monitor.ts";
import { raisePriority } from "../role/priority.ts";
import { Outlet } from "../role/outlet.ts";
import { serve } from "../role/serve.ts";
import { sampleExchange } from "./exchange-sample.ts";
import { HealthCall } from "./health-call.ts";
import { countControllers, sampleCertificate, tryStorage } from "./node-files.ts";
import { sampleServer } from "./server-sample.ts";

type ByNode<T> = Partial<Record<NodeName, T>>;

class Monitor {
  #health: HealthCall | undefined;

  setUp(request: MonitorRequest): void {
    this.#health?.close();
    this.#health = new HealthCall(request);
  }

  async sample(request: SampleRequest): Promise<MonitorSample> {
    const sinceNs = nowNs();
    const { pids, timeoutMs } = request;
    const up = nodeNames.filter((name) => pids[name] !== undefined);
    const certified = up.filter((name) => request.certificateOn.includes(name));
    const written = up.filter((name) => request.storageOn.includes(name));
    const [servers, certificates, storage, health, exchange] = await Promise.all([
      eachOf(up, (name) => sampleServer(pids[name]!, timeoutMs)),
      eachOf(certified, (name) => sampleCertificate(pids[name]!)),
      eachOf(written, (name) => tryStorage(pids[name]!, timeoutMs)),
      this.#health?.ask(timeoutMs) ?? { error: "not set up" },
      request.exchange && sampleExchange(request.exchange, timeoutMs),
    ]);
    const controllers = Object.fromEntries(up.map((name) => [name, countControllers(pids[name]!)]));
    const zone = { servers, certificates, controllers, storage, health };
    return { sinceNs, t: nowNs(), ...zone, ...defined({ exchange }) };
  }
}

async function eachOf<T>(names: readonly NodeName[], sample: (name: NodeName) => Promise<T>): Promise<ByNode<T>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await sample(name)] as const)));
}

export function serveMonitor(): void {
  raisePriority();
  const monitor = new Monitor();
  serve("monitor", new Outlet(), {
    monitor: (request) => monitor.setUp(request),
    sample: (request) => monitor.sample(request),
  });
}
