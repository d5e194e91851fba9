// A node killed with its store emptied, as after the replacement of a disk. The node is frozen first: nothing of it writes
// between the wipe and its end.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { NodeName } from "#spec/node.ts";
import type { WipeReply } from "#wire/replica-message.ts";
import { heldBy } from "#zone/store-api.ts";
import type { StartedZone } from "#zone/zone.ts";
import { startAgain } from "./container.ts";
import type { Effect, Fault } from "./fault.ts";

/** JetStream's store in the node contract. */
export const storeFolder = "/data/jetstream";
const wipeDeadlineMs = 30_000;

/**
 * Freezes the node, empties these folders of it and kills it.
 *
 * @throws HarnessError `fault/no-effect` when a look afterwards still finds a file.
 */
export async function wipeAndKill(zone: StartedZone, name: NodeName, folders: string[]): Promise<Effect> {
  const node = zone.node(name);
  const held = [...(await heldBy(zone, name)).values()];
  const heldBytes = held.reduce((sum, one) => sum + one.bytes, 0);
  await node.pause();
  const reply = await zone.hand.ask<WipeReply>({ do: "wipe", pid: node.pid, folders }, wipeDeadlineMs);
  const left = reply.folders.find((one) => one.left > 0);
  if (left) throw new HarnessError("fault/no-effect", `${left.left} files are left in ${left.path} of ${name}`);
  const exited = await node.kill();
  const atNs = nowNs();
  const { files, bytes } = reply.folders.find((one) => one.path === storeFolder) ?? { files: 0, bytes: 0 };
  const proof = `${files} files, ${bytes} bytes removed from ${storeFolder} of ${name}, which is empty; ${exited}`;
  return { proof, atNs, detail: { files, bytes, heldBytes } };
}

export const wiped: Fault<"wiped"> = {
  does: "The node is killed and its JetStream store is empty when it starts again, as on a new disk.",
  inject: (zone, spec) => wipeAndKill(zone, spec.node, [storeFolder]),
  heal: (zone, spec) => startAgain(zone, spec.node),
};
