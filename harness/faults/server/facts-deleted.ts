// Logical corruption, as a wrong program or an operator's mistake would cause it: deletes facts and all cursors through
// the server's own API. All replicas agree on the deletion, so none of them can repair it.

import { HarnessError } from "#base/errors.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import { askStore } from "#zone/store-api.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

const deleteDeadlineMs = 60_000;

async function stateOf(zone: StartedZone, stream: string): Promise<StreamInfo["state"]> {
  const { state, error } = await askStore<StreamInfo>(zone, `STREAM.INFO.${stream}`);
  if (error) throw new HarnessError("fault/no-effect", `${stream}: ${error.description}`);
  return state;
}

async function corrupt(zone: StartedZone, { node, count }: SpecOf<"facts-deleted">) {
  const { facts, cursors } = zone.plan.contract.streams;
  if (cursors === null) throw new HarnessError("fault/impossible", "the node has no stream of cursors");
  const before = await stateOf(zone, facts);
  const step = Math.max(1, Math.floor(before.messages / (count + 1)));
  const sequences = Array.from({ length: count }, (_, index) => before.first_seq + (index + 1) * step);
  await zone.askNode(node, { do: "delete-messages", stream: facts, sequences }, deleteDeadlineMs);
  const { error } = await askStore(zone, `STREAM.PURGE.${cursors}`, { node });
  if (error) throw new HarnessError("fault/no-effect", `cursors: ${error.description}`);
  const [after, left] = [await stateOf(zone, facts), await stateOf(zone, cursors)];
  const deleted = before.messages - after.messages;
  if (deleted !== count || left.messages !== 0)
    throw new HarnessError("fault/no-effect", `${deleted} of ${count} facts deleted, ${left.messages} cursors left`);
  return {
    ...effectNow(`${before.messages} facts became ${after.messages}, and no cursor is left`),
    detail: { deleted },
  };
}

export const factsDeleted: Fault<"facts-deleted"> = {
  inject: corrupt,
  heal: async () => "the deleted facts stay deleted; a restore into an empty zone brings them back",
};
