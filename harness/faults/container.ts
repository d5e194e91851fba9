// Faults that the daemon does to a whole node: kill, stop, pause, reboot. Each is healed by running it again.

import type { StartedZone } from "#zone/zone.ts";
import type { NodeName } from "#spec/node.ts";
import { nowNs } from "#base/clock.ts";
import { effectNow, type Fault } from "./fault.ts";

/** Undoing of every fault that ends a node: its container runs again. Idempotent. */
export async function startAgain(zone: StartedZone, name: NodeName): Promise<string> {
  const node = zone.node(name);
  return node.isUp ? `container runs as pid ${node.pid}` : node.start();
}

export const kill: Fault<"kill"> = {
  does: "SIGKILL to every process of the node at once; its network namespace goes with it.",
  inject: async (zone, spec) => effectNow(await zone.node(spec.node).kill()),
  heal: (zone, spec) => startAgain(zone, spec.node),
};

export const stop: Fault<"stop"> = {
  does: "Orderly stop: SIGTERM to the node's supervisor, ten seconds of grace.",
  inject: async (zone, spec) => {
    // The node begins to leave at the signal; counting from the exit would hide part of the outage.
    const atNs = nowNs();
    return { proof: await zone.node(spec.node).stop(), atNs };
  },
  heal: (zone, spec) => startAgain(zone, spec.node),
};

export const pause: Fault<"pause"> = {
  does: "Freezes every process of the node; its kernel still answers ARP and accepts connections.",
  inject: async (zone, spec) => effectNow(await zone.node(spec.node).pause()),
  heal: (zone, spec) => zone.node(spec.node).resume(),
};

export const reboot: Fault<"reboot"> = {
  does: "Orderly stop and start again without a pause in between; the stores stay, /run is lost.",
  inject: async (zone, spec) => {
    const atNs = nowNs();
    const exited = await zone.node(spec.node).stop();
    return { proof: `${exited}; ${await zone.node(spec.node).start()}`, atNs };
  },
  heal: (zone, spec) => startAgain(zone, spec.node),
};
