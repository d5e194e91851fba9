// The monitors of a scenario: they read the live history, ask the zone themselves, and every change goes into the history. What
// follows from a change is the checkers' business.

import { MonitorTable } from "#monitors/monitor-table.ts";
import { MonitorTicker } from "#monitors/ticker.ts";
import { limitsUnder } from "#spec/monitor.ts";
import { ports } from "#spec/node.ts";
import type { Bounds } from "#spec/verdict.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { LiveHistory } from "./live-history.ts";

/** Looks until disposed. A scenario begins with alpha active, after a cold start or an operator's hand back. */
export async function openMonitors(zone: StartedZone, history: LiveHistory, bounds: Bounds): Promise<AsyncDisposable> {
  const { vip, spec, peer } = zone.plan;
  const table = new MonitorTable({
    vip,
    rpcPort: ports.rpc,
    minDays: spec.certificate.minDays,
    expected: "alpha",
    hasPeer: peer !== undefined,
    limits: limitsUnder(bounds),
  });
  const ticker = await MonitorTicker.open(zone, { table, onChange: (event) => history.record(event) });
  const following = history.follow((event) => ticker.hear(event));
  await zone.watch(); // the first look at each node came before the table was there
  return {
    [Symbol.asyncDispose]: async () => {
      following[Symbol.dispose]();
      await ticker[Symbol.asyncDispose]();
    },
  };
}
