// Faults of a whole container, which the Docker daemon injects: kill, stop, pause, reboot.

import type { StartedZone } from "#zone/zone.ts";
import type { NodeName } from "#spec/node.ts";
import { nowNs } from "#base/clock.ts";
import { effectNow, type Fault } from "../fault.ts";

/** Heals every fault that ends a node: starts its container unless it runs. */
export async function startAgain(zone: StartedZone, name: NodeName): Promise<string> {
  const node = zone.node(name);
  return node.isUp ? `container runs as pid ${node.pid}` : node.start();
}

export const kill: Fault<"kill"> = {
  inject: async (zone, spec) => effectNow(await zone.node(spec.node).kill()),
  heal: (zone, spec) => startAgain(zone, spec.node),
};

export const stop: Fault<"stop"> = {
  inject: async (zone, spec) => {
    // The outage begins at the signal. Counting from the exit would hide part of it.
    const atNs = nowNs();
    return { proof: await zone.node(spec.node).stop(), atNs };
  },
  heal: (zone, spec) => startAgain(zone, spec.node),
};

export const pause: Fault<"pause"> = {
  inject: async (zone, spec) => effectNow(await zone.node(spec.node).pause()),
  heal: async (zone, spec) => {
    const node = zone.node(spec.node);
    return node.isUp ? node.resume() : "the node is down";
  },
};

export const reboot: Fault<"reboot"> = {
  inject: async (zone, spec) => {
    const atNs = nowNs();
    const exited = await zone.node(spec.node).stop();
    return { proof: `${exited}; ${await zone.node(spec.node).start()}`, atNs };
  },
  heal: (zone, spec) => startAgain(zone, spec.node),
};
