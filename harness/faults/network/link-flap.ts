// Links that go down and up again several times, as with a loose plug. The fault is over when `inject` returns.

import { delay, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import { addressOn } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Fault } from "../fault.ts";

async function setAll(zone: StartedZone, spec: SpecOf<"link-flap">, state: "up" | "down"): Promise<string[]> {
  const devices: string[] = [];
  for (const segment of spec.segments) {
    const address = addressOn(zone.plan.nodes[spec.node], segment);
    if (!address) continue;
    const answer = await zone.askNode(spec.node, { do: "link", address, state });
    if (answer.state !== state)
      throw new HarnessError(
        state === "down" ? "fault/no-effect" : "fault/not-undone",
        `${answer.device} is ${answer.state}`,
      );
    devices.push(answer.device);
  }
  return devices;
}

export const linkFlap: Fault<"link-flap"> = {
  inject: async (zone, spec) => {
    const atNs = nowNs();
    let devices: string[] = [];
    for (let time = 1; time <= spec.times; time += 1) {
      devices = await setAll(zone, spec, "down");
      await delay(spec.downMs);
      await setAll(zone, spec, "up");
      if (time < spec.times) await delay(spec.upMs);
    }
    return { proof: `the kernel took ${devices.join(", ")} down and up ${spec.times} times`, atNs };
  },
  heal: async (zone, spec) =>
    zone.node(spec.node).isUp ? `${(await setAll(zone, spec, "up")).join(", ")} is up` : "the node is down",
};
