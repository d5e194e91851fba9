// The monitors of a scenario. They read the live history and sample the zone, and every change of a monitor goes into
// the history. Checkers judge it.

import { defined } from "#base/defined.ts";
import { MonitorTable, type MonitorTableOptions } from "#monitors/monitor-table.ts";
import { MonitorTicker, type TickerOptions } from "#monitors/ticker.ts";
import { limitsUnder } from "#spec/monitor.ts";
import type { Bounds } from "#spec/verdict.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { LiveHistory } from "./live-history.ts";

/** A scenario begins with alpha active, after a cold start or an operator's hand back. */
export async function openMonitors(zone: StartedZone, history: LiveHistory, bounds: Bounds): Promise<AsyncDisposable> {
  return followZone(zone, history, { limits: limitsUnder(bounds), onChange: (event) => history.record(event) });
}

type FollowOptions = Omit<TickerOptions, "table"> & Pick<MonitorTableOptions, "limits">;

/** Monitors that read the live history and sample the zone until they are disposed. They write nothing themselves. */
export async function followZone(
  zone: StartedZone,
  history: LiveHistory,
  { limits, ...handlers }: FollowOptions,
): Promise<AsyncDisposable & { table: MonitorTable }> {
  const { vip, spec, peer, contract } = zone.plan;
  const table = new MonitorTable({
    vip,
    rpcPort: contract.ports.rpc,
    minDays: spec.certificate.minDays,
    expected: "alpha",
    hasPeer: peer !== undefined,
    ...defined({ limits }),
  });
  const ticker = await MonitorTicker.open(zone, { table, ...handlers });
  const following = history.follow((event) => ticker.observe(event));
  await zone.watch(); // the first look at each node came before the table was there
  return {
    table,
    [Symbol.asyncDispose]: async () => {
      following[Symbol.dispose]();
      await ticker[Symbol.asyncDispose]();
    },
  };
}
