// A bad link: what the node sends is lost, doubled, delayed, out of order, or slowed down. nft drops and doubles, tbf
// limits the rate, and a relay delays. docs/faults.md says how exact each is.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import { addressOn } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Fault } from "../fault.ts";
import { deviceWith, inNet, tryInNet } from "../run-in-net.ts";
import { type Chain, NftTable } from "./nft-table.ts";
import { Relay, relayedMark } from "./relay.ts";

type Impaired = SpecOf<"link-impaired">;

/** Less holds no packet of 1,500 bytes and its header twice; at high rates the kernel's tick needs more. */
const burstMinBytes = 4_096;
const ticksPerS = 100;

const needsRelay = ({ delayMs, jitterMs, reorderPercent }: Impaired): boolean =>
  (delayMs ?? jitterMs ?? reorderPercent) !== undefined;

/** One in ten thousand is the finest share. */
const chance = (percent: number): string => `numgen random mod 10000 < ${Math.round(percent * 100)}`;

function chainOf(spec: Impaired, device: string, tap: string): Chain {
  const fresh = `meta mark != ${relayedMark}`;
  const rules = [`${fresh} counter`];
  if (spec.lossPercent !== undefined) rules.push(`${fresh} ${chance(spec.lossPercent)} counter drop`);
  if (spec.duplicatePercent !== undefined)
    rules.push(
      needsRelay(spec)
        ? `${fresh} ${chance(spec.duplicatePercent)} counter dup to "${tap}"`
        : `${fresh} ${chance(spec.duplicatePercent)} meta mark set ${relayedMark} counter dup to "${device}"`,
    );
  if (needsRelay(spec)) rules.push(`${fresh} fwd to "${tap}"`);
  return { hook: "egress", device, rules };
}

async function devicesOf(zone: StartedZone, { node, segments }: Impaired): Promise<string[]> {
  const addresses = segments.flatMap((segment) => addressOn(zone.plan.nodes[node], segment) ?? []);
  return Promise.all(addresses.map(async (address) => (await deviceWith(zone, node, address)).device));
}

const tableOf = (zone: StartedZone, spec: Impaired): NftTable => new NftTable(zone, spec.node, "impaired");

async function limitRate(zone: StartedZone, { node, rateKbit }: Impaired, device: string): Promise<void> {
  if (rateKbit === undefined) return;
  const burst = Math.max(burstMinBytes, Math.ceil((rateKbit * 1_000) / 8 / ticksPerS));
  const tbf = ["tbf", "rate", `${rateKbit}kbit`, "burst", `${burst}`, "latency", "400ms"];
  await inNet(zone, node, ["tc", "qdisc", "replace", "dev", device, "root", ...tbf]);
  const shown = await inNet(zone, node, ["tc", "qdisc", "show", "dev", device]);
  if (!shown.includes("tbf")) throw new HarnessError("fault/no-effect", `${device} of ${node} has ${shown.trim()}`);
}

export const linkImpaired: Fault<"link-impaired"> = {
  isImpossible: async (zone, spec) => {
    const { lossPercent, duplicatePercent, rateKbit } = spec;
    if (!needsRelay(spec) && (lossPercent ?? duplicatePercent ?? rateKbit) === undefined)
      return "give a delay, a loss, a duplication, a reordering or a rate";
    if (!spec.segments.some((segment) => addressOn(zone.plan.nodes[spec.node], segment)))
      return `${spec.node} has no interface on ${spec.segments.join(", ")}`;
    return null;
  },
  inject: async (zone, spec) => {
    const { node, delayMs = 0, jitterMs = 0, reorderPercent = 0 } = spec;
    const chains: Chain[] = [];
    for (const device of await devicesOf(zone, spec)) {
      const relay = new Relay(zone, node, device);
      if (needsRelay(spec)) await relay.start({ delayMs, jitterMs, reorderPercent });
      await limitRate(zone, spec, device);
      chains.push(chainOf(spec, device, relay.tap));
    }
    const table = tableOf(zone, spec);
    await table.install(chains);
    const atNs = nowNs();
    const packets = await table.untilCounted(`a packet of ${node} to meet the bad link`);
    const slow = spec.rateKbit === undefined ? "" : `; tbf limits the rate to ${spec.rateKbit} kbit/s`;
    return { proof: `${packets} packets met the rules on ${chains.map((one) => one.device).join(", ")}${slow}`, atNs };
  },
  heal: async (zone, spec) => {
    const { node } = spec;
    if (!zone.node(node).isUp) return "the node is down, and its rules ended with it";
    await tableOf(zone, spec).remove();
    for (const device of await devicesOf(zone, spec)) {
      await new Relay(zone, node, device).stop();
      // It fails when there is none.
      await tryInNet(zone, node, ["tc", "qdisc", "del", "dev", device, "root"]);
      const shown = await inNet(zone, node, ["tc", "qdisc", "show", "dev", device]);
      if (shown.includes("tbf")) throw new HarnessError("fault/not-undone", `${device} of ${node} has ${shown.trim()}`);
    }
    return "rules, relay and limit are gone";
  },
};
