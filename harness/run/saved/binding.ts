// Binds a saved history to the plan of its run, and the plan to the scenarios of this version. A history of another
// scenario, of other faults or under other bounds decides nothing.

import { isDeepStrictEqual } from "node:util";
import type { FaultEvent, History, HistoryHeader } from "#history/event.ts";
import { peerViewOf } from "#history/peer.ts";
import { eventsOf, viewOf } from "#history/view.ts";
import { drawFor, withDraw } from "#spec/draw.ts";
import type { FaultSpec } from "#spec/faults.ts";
import { byHandSuite, plannedFaults, plannedPeerFaults, type ScenarioSpec } from "#spec/scenario.ts";
import { suites } from "#spec/scenarios/index.ts";
import { judgedPartOf } from "#spec/contract/node-contract.ts";
import { planned as asInHeader } from "#scenario/history-header.ts";
import { harnessDigest } from "./harness-digest.ts";
import type { PlannedScenario, RunPlan } from "../plan.ts";
import { scenarioOf, zoneOf } from "../planned-zone.ts";

/** True when this version of the harness made the plan. */
export function isOwnPlan(plan: Pick<RunPlan, "harness">): boolean {
  return plan.harness === harnessDigest();
}

/**
 * Why the history is not the one that was planned; the first reason, or undefined.
 *
 * @param header as it was saved. The history's own has the bounds of the plan.
 */
export function unbound(
  header: HistoryHeader,
  history: History,
  { planned, plan }: { planned: PlannedScenario; plan: BoundTo },
): string | undefined {
  return (
    otherHeader(header, planned, plan) ??
    otherFaults(history, planned) ??
    otherScenario(planned, plan) ??
    otherSeed(history)
  );
}

type BoundTo = Pick<RunPlan, "seed" | "bounds" | "harness" | "tier" | "stores" | "contract">;

function otherHeader(header: HistoryHeader, planned: PlannedScenario, plan: BoundTo): string | undefined {
  const pairs: [what: string, inPlan: unknown, inHeader: unknown][] = [
    ["suite", planned.suite, header.suite],
    ["scenario", planned.name, header.scenario],
    ["repeat", planned.repeat, header.repeat],
    ["seed", planned.seed, header.seed],
    ["entries", planned.entries, header.entries],
    ["bounds", plan.bounds, header.bounds],
    ["draw", planned.draw, header.draw],
    ["node", plan.contract && asSaved(judgedPartOf(plan.contract)), header.node],
  ];
  if (planned.faults) pairs.push(["planned faults", asInHeader(planned.faults), header.plannedFaults]);
  if (planned.zone) pairs.push(["zone", planned.zone, header.zone.spec]);
  if (header.peer && planned.peerFaults)
    pairs.push(["planned faults of the peer zone", asInHeader(planned.peerFaults), header.peer.plannedFaults]);
  const [what, inPlan, inHeader] = pairs.find(([, one, other]) => !isDeepStrictEqual(one, other)) ?? [];
  if (what === undefined) return undefined;
  return `the history is not the planned one: its ${what} is ${brief(inHeader)}, and the plan has ${brief(inPlan)}`;
}

/** Every fault that was injected is the planned one in all its fields. Faults that never ran are an assumption's. */
function otherFaults(saved: History, { faults, peerFaults }: PlannedScenario): string | undefined {
  if (!faults) return undefined;
  const peer = peerViewOf(viewOf(saved));
  return differing(saved, faults) ?? (peer && differing(peer.view.history, peerFaults ?? []));
}

function differing(history: History, planned: readonly FaultSpec[]): string | undefined {
  const intended = eventsOf(history, "fault")
    .map(({ event }) => event)
    .filter((event): event is FaultEvent<"intended"> => event.phase === "intended")
    // Steps side by side start their faults in any order. The number of a fault is its place in the plan.
    .toSorted((one, other) => one.id - other.id);
  for (const [place, { detail }] of intended.entries()) {
    const plan = planned[place];
    if (!plan) return `fault ${place + 1} ran and was not planned: ${brief(detail)}`;
    const { words: _, ...ran } = detail ?? {};
    if (!isDeepStrictEqual(ran, plan)) return `fault ${place + 1} was planned as ${brief(plan)}, and ${brief(ran)} ran`;
  }
  return undefined;
}

/** The client puts the seed into the ids of its facts. */
function otherSeed(history: History): string | undefined {
  const { operations } = viewOf(history);
  for (const place of [0, Math.floor(operations.length / 2), operations.length - 1]) {
    const { messageId, firstOffset } = operations.at(place) ?? {};
    // A repeat of a fact that an earlier scenario of the zone stored has that scenario's seed.
    if (firstOffset !== undefined) continue;
    const [, seed] = /^(\d+)-client-/.exec(messageId ?? "") ?? [];
    if (seed !== undefined && Number(seed) !== history.header.seed)
      return `the history holds calls of another seed: ${messageId}`;
  }
  return undefined;
}

/** The scenario of that name in this version is another one than the plan says. */
function otherScenario(planned: PlannedScenario, plan: BoundTo): string | undefined {
  // What a person did stands in the place of a plan.
  if (!isOwnPlan(plan) || planned.suite === byHandSuite) return undefined;
  if (planned.file) return otherFile(planned, plan);
  const suite = Object.hasOwn(suites, planned.suite) ? suites[planned.suite] : undefined;
  const known = suite?.find(({ name }) => name === planned.name);
  if (!known) return `suite ${planned.suite} has no scenario "${planned.name}"`;
  const draw = drawFor(known, { seed: plan.seed, repeat: planned.repeat });
  if (planned.draw !== draw)
    return `the plan has draw ${planned.draw ?? "none"} of "${planned.name}", and its seed gives ${draw ?? "none"}`;
  const scenario = withDraw(known, draw);
  const isSame =
    isPlannedSo(scenario, planned, plan) && planned.entries.every((entry) => scenario.entries.includes(entry));
  return isSame ? undefined : `the plan holds another "${planned.name}" than this version of the harness`;
}

/** The file of the plan gives another scenario than the plan says. Any entry may be judged by it. */
function otherFile(planned: PlannedScenario, plan: BoundTo): string | undefined {
  const isSame = isPlannedSo(scenarioOf(planned), planned, plan);
  return isSame ? undefined : `the plan holds other faults or another zone than its file ${planned.file?.name} gives`;
}

function isPlannedSo(scenario: ScenarioSpec, planned: PlannedScenario, plan: BoundTo): boolean {
  return (
    isDeepStrictEqual(planned.faults, asSaved(plannedFaults(scenario))) &&
    isDeepStrictEqual(planned.peerFaults, asSaved(plannedPeerFaults(scenario))) &&
    isDeepStrictEqual(planned.zone, asSaved(zoneOf(planned, plan)))
  );
}

/** What a plan of an older version leaves open. One sentence, or none. */
export function missingBinding(plan: RunPlan, hasDigests: boolean): string[] {
  if (plan.format === "triad-plan/1")
    return [
      `an older version wrote this folder: ${hasDigests ? "" : "no digests of its files, "}no faults and no zones in its ` +
        "plan; names, seeds, entries and bounds of the histories were compared",
    ];
  if (isOwnPlan(plan)) return [];
  return ["another version of the harness wrote this folder: its scenarios were compared with its own plan only"];
}

/** As it is after a turn through a file: without fields that hold nothing. */
function asSaved(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
