// The monitors as metrics in Prometheus' text format, on the loopback of this host only. What nobody can tell is left
// out or told as gone; a scrape that fails is the exporter's own sign of being down.

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
      help: "Changes of a monitor's state.",
      labelNames: ["monitor", "state"],
      registers,
    });
    this.#looks = new Counter({ name: "triad_monitor_looks_total", help: "Looks at the zone.", registers });
    addGauges(this.#registry, table);
  }

  count(change: MonitorEvent): void {
    this.#changes.inc({ monitor: change.monitor, state: change.state });
  }

  countLook(): void {
    this.#looks.inc();
  }

  /** The whole text. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** @param port 0: any free one. @returns the one it listens on. @throws HarnessError `usage/bad-value` when it is taken. */
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
          new HarnessError("usage/bad-value", `port ${port} cannot be served: ${messageOf(error)}`, {
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

/** What the table shows at the instant of a scrape. */
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
  gauge("triad_monitor_state", "1 for the state that a monitor has.", {
    label: ["monitor", "state"],
    collect: (one) => {
      for (const monitor of table.names)
        for (const state of states) one.set({ monitor, state }, Number(table.reading(monitor).state === state));
    },
  });
  gauge("triad_monitor_state_seconds", "How long a monitor has had its state.", {
    label: ["monitor"],
    collect: (one) => {
      for (const monitor of table.names) {
        const { sinceNs } = table.reading(monitor);
        if (sinceNs > 0) one.set({ monitor }, (nowNs() - sinceNs) / 1e9);
      }
    },
  });
  gauge("triad_node_up", "Whether a node runs and is not frozen.", {
    label: ["node"],
    collect: (one) => {
      for (const node of nodeNames) {
        const seen = table.facts.nodes[node];
        if (seen) one.set({ node }, Number(seen.isAlive && !seen.isFrozen));
      }
    },
  });
  gauge("triad_node_holds_vip", "Whether a node has the VIP, by its kernel.", {
    label: ["node"],
    collect: (one) => {
      for (const node of nodeNames) {
        const seen = table.facts.nodes[node];
        if (seen) one.set({ node }, Number(seen.ownsVip));
      }
    },
  });
  gauge("triad_node_expected_active", "Whether a node is the expected active one.", {
    label: ["node"],
    collect: (one) => {
      for (const node of serviceNodes) one.set({ node }, Number(table.expected === node));
    },
  });
  gauge("triad_certificate_left_days", "Days left of a node's certificate file.", {
    label: ["node"],
    collect: (one) => {
      for (const node of serviceNodes) {
        const leftDays = table.facts.look?.certificates[node]?.leftDays;
        if (leftDays !== undefined) one.set({ node }, leftDays);
      }
    },
  });
}
