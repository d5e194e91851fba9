// The command `triad logs`: what the programs of a node wrote.

import type { RunContext } from "#api/operations.ts";
import type { LogsOptions } from "#api/zone-options.ts";
import { withZone } from "./with-zone.ts";

export async function logs(options: LogsOptions, context: RunContext): Promise<void> {
  await withZone(options.zone, context, async (zone) => {
    options.write(await zone.node(options.node).logs());
    if (options.isFollowing) await zone.node(options.node).follow(options.write, context.signal);
  });
}
