// Attaches to a zone that is up, does one thing, and leaves the zone running.

import type { RunContext } from "#api/operations.ts";
import { Environment } from "#zone/environment.ts";
import type { StartedZone } from "#zone/zone.ts";
import { findKept, type KeptZone } from "./kept-files.ts";
import { attachKept } from "./kept-zones.ts";

/** The zone of that name, or the only one that is up. @throws HarnessError `usage/unknown-zone` */
export async function withZone<T>(
  name: string | undefined,
  context: RunContext,
  act: (zone: StartedZone, kept: KeptZone) => Promise<T>,
): Promise<T> {
  const kept = findKept(name);
  await using environment = await Environment.open((line) => context.progress.say(line));
  const zone = await attachKept(environment, kept);
  try {
    return await act(zone, kept);
  } finally {
    await zone.leave();
  }
}
