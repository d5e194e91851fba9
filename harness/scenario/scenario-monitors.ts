// The monitors of a scenario. They read the live history and sample the zone, and every change of a monitor goes into
// the history. Checkers judge it.

import { MonitorTable } from "#monitors/monitor-table.ts";
import { MonitorTicker } from "#monitors/ticker.ts";
import { limitsUnder } from "#spec/monitor.ts";
import type { Bounds } from "#spec/verdict.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { LiveHistory } from "./live-history.ts";

/** They run until disposed. A scenario begins with alpha active, after a cold start or an operator's hand back. */
export async function openMonitors(zone: StartedZone, history: LiveHistory, bounds: Bounds): Promise<AsyncDisposable> {
  const { vip, spec, peer, contract } = zone.plan;
  const table = new MonitorTable({
    vip,
    rpcPort: contract.ports.rpc,
    minDays: spec.certificate.minDays,
    expected: "alpha",
    hasPeer: peer !== undefined,
    limits: limitsUnder(bounds),
  });
  const ticker = await MonitorTicker.open(zone, { table, onChange: (event) => history.record(event) });
  const following = history.follow((event) => ticker.observe(event));
  await zone.watch(); // the first look at each node came before the table was there
  return {
    [Symbol.asyncDispose]: async () => {
      following[Symbol.dispose]();
      await ticker[Symbol.asyncDispose]();
    },
  };
}
