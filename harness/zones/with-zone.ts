// Attaches to a zone that is up, does one thing, and leaves the zone running. What is done goes into the zone's
// history.

import type { RunContext } from "#api/operations.ts";
import { Environment } from "#zone/environment.ts";
import type { StartedZone } from "#zone/zone.ts";
import { Hand } from "./hand.ts";
import { findKept, type KeptZone } from "./kept-files.ts";
import { attachKept } from "./kept-zones.ts";
import { RecordWriter } from "./record-files.ts";

/** The zone of that name, or the only one that is up. @throws HarnessError `usage/unknown-zone` */
export async function withZone<T>(
  name: string | undefined,
  context: RunContext,
  act: (zone: StartedZone, kept: KeptZone, hand: Hand) => Promise<T>,
): Promise<T> {
  const kept = findKept(name);
  await using environment = await Environment.open((line) => context.progress.say(line));
  using record = new RecordWriter(kept.name);
  const zone = await attachKept(environment, kept, { onEvent: record.write });
  try {
    return await act(zone, kept, new Hand(zone, kept.name, record.write));
  } finally {
    await zone.leave();
  }
}
