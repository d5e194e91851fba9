// Kills a node and empties its store, as if its disk was replaced. The node is frozen first, so that it writes nothing
// after the wipe.

import { nowNs } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import type { NodeName } from "#spec/node.ts";
import { heldBy } from "#zone/store-api.ts";
import type { StartedNode } from "#zone/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { startAgain } from "./container.ts";
import type { Effect, Fault } from "../fault.ts";

const wipeDeadlineMs = 30_000;
const freezeDeadlineMs = 15_000;

/**
 * Freezes the node, empties these of its folders and kills it.
 *
 * @throws HarnessError `fault/no-effect` when a second listing still finds a file.
 */
export async function wipeAndKill(zone: StartedZone, name: NodeName, folders: string[]): Promise<Effect> {
  const node = zone.node(name);
  const held = [...(await heldBy(zone, name)).values()];
  const heldBytes = held.reduce((sum, one) => sum + one.bytes, 0);
  await freeze(node);
  const reply = await zone.askNode(name, { do: "wipe", folders }, wipeDeadlineMs);
  const left = reply.folders.find((one) => one.left > 0);
  if (left) throw new HarnessError("fault/no-effect", `${left.left} files are left in ${left.path} of ${name}`);
  const exited = await node.kill();
  const atNs = nowNs();
  const { jetstream } = zone.plan.contract.stores;
  const { files, bytes } = reply.folders.find((one) => one.path === jetstream) ?? { files: 0, bytes: 0 };
  const proof = `${files} files, ${bytes} bytes removed from ${jetstream} of ${name}, which is empty; ${exited}`;
  return { proof, atNs, detail: { files, bytes, heldBytes } };
}

/** runc gives up while a program starts or waits for a disk, and thaws the node. Then another try may succeed. */
async function freeze(node: StartedNode): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    try {
      await node.pause();
      return { done: true };
    } catch (error) {
      return { saw: messageOf(error) };
    }
  };
  const what = `${node.name} to be frozen`;
  await pollUntil(look, { what, deadlineMs: freezeDeadlineMs, intervalMs: 200, code: "fault/no-effect" });
}

export const wiped: Fault<"wiped"> = {
  inject: (zone, spec) => wipeAndKill(zone, spec.node, [zone.plan.contract.stores.jetstream]),
  heal: (zone, spec) => startAgain(zone, spec.node),
};
