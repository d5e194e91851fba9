// The monitors as metrics in Prometheus' text format, on the loopback address of this host only. A value without
// evidence is left out or reported as gone. When `watch` is down, the scrape fails.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Counter, Gauge, Registry } from "prom-client";
import { nowNs } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { MonitorEvent } from "#history/event.ts";
import type { MonitorTable } from "#monitors/monitor-table.ts";
import type { MonitorState } from "#spec/monitor.ts";
import { nodeNames, serviceNodes } from "#spec/node.ts";

const states: readonly MonitorState[] = ["green", "red", "gone"];
const host = "127.0.0.1";

export class Metrics implements AsyncDisposable {
  readonly #registry = new Registry();
  readonly #changes: Counter;
  readonly #looks: Counter;
  #server: Server | undefined;

  constructor(zone: string, table: MonitorTable) {
    this.#registry.setDefaultLabels({ zone });
    const registers = [this.#registry];
    this.#changes = new Counter({
      name: "triad_monitor_changes_total",
      help: "Number of changes of a monitor's state.",
      labelNames: ["monitor", "state"],
      registers,
    });
    this.#looks = new Counter({ name: "triad_monitor_looks_total", help: "Number of samples of the zone.", registers });
    addGauges(this.#registry, table);
  }

  count(change: MonitorEvent): void {
    this.#changes.inc({ monitor: change.monitor, state: change.state });
  }

  countLook(): void {
    this.#looks.inc();
  }

  /** The text of a scrape. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /**
   * @param port 0 for any free port. @returns the port in use. @throws HarnessError `usage/bad-value` when it is taken.
   */
  async listen(port: number): Promise<number> {
    const server = createServer((request, response) => {
      if (request.url !== "/metrics") return void response.writeHead(404).end("the metrics are at /metrics\n");
      this.text().then(
        (text) => response.writeHead(200, { "content-type": this.#registry.contentType }).end(text),
        (error: unknown) => response.writeHead(500).end(`${messageOf(error)}\n`),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) =>
        reject(
          new HarnessError("usage/bad-value", `cannot listen on port ${port}: ${messageOf(error)}`, {
            expected: "a free port",
          }),
        ),
      );
      server.listen(port, host, resolve);
    });
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** Gauges are read from the table at the instant of a scrape. */
function addGauges(registry: Registry, table: MonitorTable): void {
  const registers = [registry];
  const gauge = (name: string, help: string, by: { label: string[]; collect: (one: Gauge) => void }) =>
    new Gauge({
      name,
      help,
      labelNames: by.label,
      registers,
      collect() {
        this.reset();
        by.collect(this);
      },
    });
  gauge("triad_monitor_state", "1 for the current state of a monitor, else 0.", {
    label: ["monitor", "state"],
    collect: (one) => {
      for (const monitor of table.names)
        for (const state of states) one.set({ monitor, state }, Number(table.reading(monitor).state === state));
    },
  });
  gauge("triad_monitor_state_seconds", "Seconds since the last change of a monitor's state.", {
    label: ["monitor"],
    collect: (one) => {
      for (const monitor of table.names) {
        const { sinceNs } = table.reading(monitor);
        if (sinceNs > 0) one.set({ monitor }, (nowNs() - sinceNs) / 1e9);
      }
    },
  });
  gauge("triad_node_up", "1 when a node runs and is not frozen.", {
    label: ["node"],
    collect: (one) => {
      for (const node of nodeNames) {
        const seen = table.zone.nodes[node];
        if (seen) one.set({ node }, Number(seen.isAlive && !seen.isFrozen));
      }
    },
  });
  gauge("triad_node_holds_vip", "1 when the kernel of a node has the VIP.", {
    label: ["node"],
    collect: (one) => {
      for (const node of nodeNames) {
        const seen = table.zone.nodes[node];
        if (seen) one.set({ node }, Number(seen.ownsVip));
      }
    },
  });
  gauge("triad_node_expected_active", "1 for the node that is expected to be active.", {
    label: ["node"],
    collect: (one) => {
      for (const node of serviceNodes) one.set({ node }, Number(table.expected === node));
    },
  });
  gauge("triad_certificate_left_days", "Days until the certificate file of a node expires.", {
    label: ["node"],
    collect: (one) => {
      for (const node of serviceNodes) {
        const leftDays = table.zone.sample?.certificates[node]?.leftDays;
        if (leftDays !== undefined) one.set({ node }, leftDays);
      }
    },
  });
}
