// `triad watch`: the monitors of a zone that is up, until it is interrupted. In the zone it changes only the probe file
// that it writes to artifact storage.

import { nowNs } from "#base/clock.ts";
import type { MonitorEvent } from "#history/event.ts";
import { MonitorTable } from "#monitors/monitor-table.ts";
import { MonitorTicker } from "#monitors/ticker.ts";
import type { RunContext } from "#api/operations.ts";
import type { WatchOptions } from "#api/zone-options.ts";
import { findKept } from "./kept-files.ts";
import { attachKept } from "./kept-zones.ts";
import { Metrics } from "./metrics.ts";
import { Environment } from "#zone/environment.ts";
import { changeJson, changeLine, screenOf } from "./watch-screen.ts";

/** Redraws in place, because clearing the screen first would flicker. */
const home = "\u001B[H";
const clearLine = "\u001B[K";
const clearBelow = "\u001B[J";
const clearAll = "\u001B[2J";

export async function watch(options: WatchOptions, { signal, progress }: RunContext): Promise<void> {
  const kept = findKept(options.zone);
  await using environment = await Environment.open((line) => progress.say(line));
  let ticker: MonitorTicker | undefined;
  const zone = await attachKept(environment, kept, { onEvent: (event) => ticker?.observe(event) });
  await using _leaving = { [Symbol.asyncDispose]: () => zone.leave() };
  const { plan } = kept;
  const table = new MonitorTable({
    vip: plan.vip,
    rpcPort: plan.contract.ports.rpc,
    minDays: plan.spec.certificate.minDays,
    hasPeer: plan.peer !== undefined,
  });
  await using metrics = new Metrics(kept.name, table);
  if (options.metricsPort !== undefined) {
    const port = await metrics.listen(options.metricsPort);
    progress.say(`metrics: http://127.0.0.1:${port}/metrics`);
  }
  const show = () => draw(kept.name, table, options);
  if (options.terminal) options.write(clearAll);
  const onChange = (event: MonitorEvent) => {
    metrics.count(event);
    if (options.isJson) options.write(`${changeJson(kept.name, event)}\n`);
    else if (options.terminal) show();
    else options.write(`${changeLine(event)}\n`);
  };
  await using looking = await MonitorTicker.open(zone, {
    table,
    onChange,
    onSample: () => {
      metrics.countLook();
      show();
    },
    // Another process may have ended a node or started it again.
    beforeSample: () => zone.findNodes(),
  });
  ticker = looking;
  await zone.openObserver();
  await untilAborted(signal);
}

function draw(zone: string, table: MonitorTable, { terminal, isJson, write }: WatchOptions): void {
  if (!terminal || isJson) return;
  const lines = screenOf(table, { zone, nowNs: nowNs(), ...terminal });
  write(`${home}${lines.map((line) => `${line}${clearLine}\n`).join("")}${clearBelow}`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
