// Disk rot: the node's server is stopped in order, a block file of its facts rots, and the server is started again by the
// undoing. The rot itself is not undone: a zone must find it and make it good, or lose by it.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "./fault.ts";
import { command, untilListening } from "./service.ts";

/** Where nats-server keeps the messages of the fact stream, below the store of the node contract. */
const factBlocks = "/data/jetstream/jetstream/$G/streams/facts_operational/msgs";
const service = "nats-server";

async function rotFacts(zone: StartedZone, { node, way }: SpecOf<"rot">): Promise<string> {
  const told = await zone.askNode(node, { do: "rot", folder: factBlocks, way });
  const isDone = way === "flip" ? told.bitsFlipped === 1 : told.bytesAfter < told.bytesBefore;
  if (!isDone) throw new HarnessError("fault/no-effect", `${told.file} was not rotted: ${JSON.stringify(told)}`);
  const bytes = `${told.bytesBefore} bytes before, ${told.bytesAfter} after`;
  const digests = `${told.digestBefore.slice(0, 12)}… became ${told.digestAfter.slice(0, 12)}…`;
  return `${told.file}: from byte ${told.at}, ${told.bitsFlipped} bits flipped, ${bytes}, SHA-256 ${digests}`;
}

export const rot: Fault<"rot"> = {
  does: "The node's server is stopped in order, one bit of a block file of its facts is flipped or the tail cut off, and it is started again.",
  inject: async (zone, { node, way, fault }) => {
    await command(zone, { node, service }, "stop");
    await untilListening(zone, { node, service }, false);
    return effectNow(await rotFacts(zone, { node, way, fault }));
  },
  heal: async (zone, { node }) => {
    if (!zone.node(node).isUp) return "the node is down";
    await command(zone, { node, service }, "start");
    return `${await untilListening(zone, { node, service }, true)}; the block stays as it is`;
  },
};
