// A disk of a node is full, or takes few writes. Only a file system of the node's own can be filled or slowed alone:
// the folders of all nodes are on one disk of the machine.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import { storesOf } from "#topology/stores.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

type DiskSpec = SpecOf<"disk-full" | "disk-slow">;

const timeoutMs = 60_000;
/** The probe's writes must take this share of the time that the limit asks for. */
const probeShare = 0.5;

function folderOf(zone: StartedZone, { store }: DiskSpec): string {
  const { jetstream, artifacts } = zone.plan.contract.stores;
  return store === "artifacts" ? artifacts : jetstream;
}

async function isImpossible(zone: StartedZone, spec: DiskSpec): Promise<string | null> {
  const isOwn = storesOf(zone.plan, spec.node).some((one) => one.path === folderOf(zone, spec));
  return isOwn ? null : `${folderOf(zone, spec)} of ${spec.node} is no file system of its own`;
}

async function fill(zone: StartedZone, spec: SpecOf<"disk-full">, isFull: boolean): Promise<string> {
  const folder = folderOf(zone, spec);
  const reply = await zone.askNode(spec.node, { do: "disk-full", folder, isFull }, timeoutMs);
  const file = `${folder} of ${spec.node} ${isFull ? "holds" : "has lost"} a file of ${reply.fillerBytes} bytes`;
  return `${file}, ${reply.freeBytes} bytes are free; a write gave ${reply.write}`;
}

export const diskFull: Fault<"disk-full"> = {
  isImpossible,
  inject: async (zone, spec) => effectNow(await fill(zone, spec, true)),
  // The disk outlives the container, so that it is freed on a node that is down too.
  heal: (zone, spec) => fill(zone, spec, false),
};

async function throttle(zone: StartedZone, spec: SpecOf<"disk-slow">, writesPerS: number | null) {
  const folder = folderOf(zone, spec);
  const reply = await zone.askNode(spec.node, { do: "disk-slow", folder, writesPerS }, timeoutMs);
  const took = `${reply.writes} flushed writes took ${reply.beforeMs.toFixed(0)} ms before and ${reply.afterMs.toFixed(0)} ms after`;
  return { ...reply, words: `device ${reply.device} below ${folder} of ${spec.node}: ${took}` };
}

export const diskSlow: Fault<"disk-slow"> = {
  isImpossible,
  inject: async (zone, spec) => {
    const { words, writes, afterMs } = await throttle(zone, spec, spec.writesPerS);
    const leastMs = (probeShare * writes * 1_000) / spec.writesPerS;
    if (afterMs < leastMs)
      throw new HarnessError("fault/no-effect", words, { expected: `at least ${leastMs.toFixed(0)} ms` });
    return effectNow(words);
  },
  heal: async (zone, spec) => {
    if (!zone.node(spec.node).isUp) return "the node is down, and its limit ended with it";
    return (await throttle(zone, spec, null)).words;
  },
};
