// Disk rot: stops the node's server cleanly and damages a block file of its facts. Healing starts the server again and
// leaves the damage: the zone must find and repair it.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";
import { command, untilListening } from "../server/service-down.ts";

/** Where nats-server keeps the messages of the fact stream, in its store. */
function factBlocks({ plan }: StartedZone): string {
  const { stores, streams } = plan.contract;
  return `${stores.jetstream}/jetstream/$G/streams/${streams.facts}/msgs`;
}

const service = "nats-server";

async function rotFacts(zone: StartedZone, { node, way }: SpecOf<"rot">): Promise<string> {
  const reply = await zone.askNode(node, { do: "rot", folder: factBlocks(zone), way });
  const isDone = way === "flip" ? reply.bitsFlipped === 1 : reply.bytesAfter < reply.bytesBefore;
  if (!isDone) throw new HarnessError("fault/no-effect", `${reply.file} was not damaged: ${JSON.stringify(reply)}`);
  const bytes = `${reply.bytesBefore} bytes before, ${reply.bytesAfter} after`;
  const digests = `${reply.digestBefore.slice(0, 12)}… became ${reply.digestAfter.slice(0, 12)}…`;
  return `${reply.file}: from byte ${reply.at}, ${reply.bitsFlipped} bits flipped, ${bytes}, SHA-256 ${digests}`;
}

export const rot: Fault<"rot"> = {
  inject: async (zone, { node, way, fault }) => {
    await command(zone, { node, service }, "stop");
    await untilListening(zone, { node, service }, false);
    return effectNow(await rotFacts(zone, { node, way, fault }));
  },
  heal: async (zone, { node }) => {
    if (!zone.node(node).isUp) return "the node is down";
    await command(zone, { node, service }, "start");
    return `${await untilListening(zone, { node, service }, true)}; the damage stays`;
  },
};
