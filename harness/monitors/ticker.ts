// Keeps a table looking at a running zone: asks the agent's monitor role once a second and lets time pass where it does
// not answer. The observer's events are handed in by whoever hears them.

import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import type { HistoryEvent, MonitorEvent } from "#history/event.ts";
import { monitorAnswerMs, monitorLookMs } from "#spec/monitor.ts";
import { type NodeName, nodeNames, ports, serviceNodes } from "#spec/node.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { SampleRequest, MonitorSample } from "#protocol/commands/monitor.ts";
import type { AgentProcess } from "#zone/agent-process.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { MonitorTable } from "./monitor-table.ts";

/** Over the parts' own time-out; the table calls silence what lasts longer than its own limit. */
const lookDeadlineMs = 4_000;

export interface TickerOptions {
  table: MonitorTable;
  onChange: (event: MonitorEvent) => void;
  /** After every look. */
  onLook?: () => void;
  /** Before every look: who asks may have to find out first which nodes are up. */
  beforeLook?: () => Promise<void>;
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
      rpcPort: ports.rpc,
      serverName: zone.plan.spec.zoneId,
      certificates: { ...clientCertificatePaths },
      fingerprints: zone.fingerprints,
    });
    const ticker = new MonitorTicker(zone, agent, options);
    ticker.#running = ticker.#run();
    return ticker;
  }

  /** An event of the zone; what is no word of the observer is passed over. */
  hear(event: HistoryEvent): void {
    if (event.type !== "observed" && event.type !== "looks") return;
    this.#tell(this.#options.table.observe(event));
  }

  #tell(changes: MonitorEvent[]): void {
    for (const change of changes) this.#options.onChange(change);
  }

  async #run(): Promise<void> {
    const { table } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const startNs = nowNs();
      try {
        await this.#options.beforeLook?.();
        this.#tell(table.look(await this.#look()));
      } catch {
        // The agent, or the daemon, did not answer: the table learns that time has passed, and says so.
        this.#tell(table.pass(nowNs()));
      }
      this.#options.onLook?.();
      await delay(Math.max(0, monitorLookMs - elapsedMs(startNs)), signal).catch(() => {});
    }
  }

  #look(): Promise<MonitorSample> {
    const { table } = this.#options;
    const up = nodeNames.filter((name) => this.#zone.node(name).isUp);
    // The one that serves is the expected one soon: its storage is known by then.
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
      lookDeadlineMs,
    );
  }

  /** Whichever server runs: it asks the leader of the stream. */
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
