// Feeds a monitor table from a running zone: a sample from the agent every second, and the events of the observer that
// its owner passes on.

import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import type { HistoryEvent, MonitorEvent } from "#history/event.ts";
import { monitorAnswerMs, monitorSampleMs } from "#spec/monitor.ts";
import { type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { SampleRequest, MonitorSample } from "#protocol/commands/monitor.ts";
import type { AgentProcess } from "#zone/agent-process.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { MonitorTable } from "./monitor-table.ts";

/** Longer than the time-out of each part of a sample. */
const sampleDeadlineMs = 4_000;

export interface TickerOptions {
  table: MonitorTable;
  onChange: (event: MonitorEvent) => void;
  /** Called after every sample, also a failed one. */
  onSample?: () => void;
  /** Called before every sample, for example to find out which nodes are up. */
  beforeSample?: () => Promise<void>;
}

export class MonitorTicker implements AsyncDisposable {
  readonly #zone: StartedZone;
  readonly #options: TickerOptions;
  readonly #agent: AgentProcess<"monitor">;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(zone: StartedZone, agent: AgentProcess<"monitor">, options: TickerOptions) {
    this.#zone = zone;
    this.#agent = agent;
    this.#options = options;
  }

  static async open(zone: StartedZone, options: TickerOptions): Promise<MonitorTicker> {
    const agent = await zone.openMonitor();
    await agent.ask({
      do: "monitor",
      vip: zone.plan.vip,
      rpcPort: zone.plan.contract.ports.rpc,
      serverName: zone.plan.spec.zoneId,
      certificates: { ...clientCertificatePaths },
      fingerprints: zone.fingerprints,
    });
    const ticker = new MonitorTicker(zone, agent, options);
    ticker.#running = ticker.#run();
    return ticker;
  }

  /** Takes an event of the zone. Events of other sources than the observer are ignored. */
  observe(event: HistoryEvent): void {
    if (event.type !== "observed" && event.type !== "looks") return;
    this.#report(this.#options.table.observe(event));
  }

  #report(changes: MonitorEvent[]): void {
    for (const change of changes) this.#options.onChange(change);
  }

  async #run(): Promise<void> {
    const { table } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const startNs = nowNs();
      try {
        await this.#options.beforeSample?.();
        this.#report(table.take(await this.#sample()));
      } catch {
        // The agent or the daemon did not answer. The monitors become gone when that lasts.
        this.#report(table.passTime(nowNs()));
      }
      this.#options.onSample?.();
      await delay(Math.max(0, monitorSampleMs - elapsedMs(startNs)), signal).catch(() => {});
    }
  }

  #sample(): Promise<MonitorSample> {
    const { table } = this.#options;
    const up = nodeNames.filter((name) => this.#zone.node(name).isUp);
    // The storage of the serving node is sampled too: it may soon become the expected node.
    const storageOn = [table.expected, table.serving].filter((name) => name !== undefined);
    return this.#agent.ask(
      {
        do: "sample",
        pids: Object.fromEntries(up.map((name) => [name, this.#zone.node(name).pid])),
        certificateOn: [...serviceNodes],
        storageOn,
        ...this.#exchangeOn(up),
        timeoutMs: monitorAnswerMs,
      },
      sampleDeadlineMs,
    );
  }

  /** Any server that runs can answer: it asks the leader of the stream. */
  #exchangeOn(up: readonly NodeName[]): Pick<SampleRequest, "exchange"> {
    const { peer } = this.#zone.plan;
    const { table } = this.#options;
    const node = [table.serving, table.expected, ...up].find((name) => name !== undefined && up.includes(name));
    if (!peer || !node) return {};
    return { exchange: { pid: this.#zone.node(node).pid, peerZoneId: peer.zoneId } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("the monitors are closed"));
    await this.#agent[Symbol.asyncDispose]();
    await this.#running;
  }
}
