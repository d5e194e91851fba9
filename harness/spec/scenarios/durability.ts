// The scenarios of suite "durability": each node lost in turn, in both tiers, on file systems that really lose what was not
// flushed. Data only.

import type { FaultSpec } from "#spec/fault-spec.ts";
import type { NodeName } from "#spec/node.ts";
import type { ScenarioSpec, Step } from "#spec/scenario.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import { always, answerDeadlineMs, awaitAnswer, awaitRejoin, hold, repair } from "./parts.ts";

const suite = "durability";
const ways = ["kill", "power"] as const;
const tiers: readonly Tier[] = ["standard", "critical"];
/** By then the two that are left know that a leader is gone; an answer after it comes from a new one. */
const lostMs = 2_000;

const anyAnswer: Step = { step: "await-answer", deadlineMs: answerDeadlineMs };

/** Lost, read back without it, back again with all replicas current. */
function lose(way: (typeof ways)[number], node: NodeName): Step[] {
  const faults: FaultSpec[] = [{ fault: way, node }];
  const isActive = node === "alpha";
  return [
    { step: "provoke", faults, ...(isActive ? { to: "beta" as const } : {}) },
    ...(isActive ? [awaitAnswer("beta")] : [hold(lostMs), anyAnswer]),
    { step: "read-back" },
    repair(node),
    awaitRejoin(node),
  ];
}

function lostInTurn(way: (typeof ways)[number], zone: { tier: Tier; stores: StoreKind }): ScenarioSpec {
  return {
    name: `lost-in-turn-${way}-${zone.tier}`,
    suite,
    entries: always,
    provokes: always,
    zone,
    // The active one last: its successor is standby until then.
    steps: [...lose(way, "gamma"), ...lose(way, "beta"), ...lose(way, "alpha")],
  };
}

/** The power fault on the other file system, whatever the others run on. */
const powerOnXfs: ScenarioSpec = {
  name: "power-on-xfs",
  suite,
  entries: always,
  provokes: ["DUR-6"],
  zone: { tier: "standard", stores: "xfs" },
  steps: lose("power", "gamma"),
};

export const durabilityScenarios: readonly ScenarioSpec[] = [
  ...tiers.flatMap((tier) => ways.map((way) => lostInTurn(way, { tier, stores: "ext4" }))),
  powerOnXfs,
];
