// What a profile leaves out, and the entries that become weaker or unknown by that, before anything runs. Pure. The
// entries of a fault or a step are those of the scenarios that hold it.

import type { NodeContract, ProgramName } from "#spec/contract/node-contract.ts";
import type { FaultSpec } from "#spec/faults.ts";
import { insideOf, plannedFaults, plannedPeerFaults, type ScenarioSpec } from "#spec/scenario.ts";
import { select } from "#spec/scenarios/index.ts";
import type { Step } from "#spec/steps.ts";

export interface Weakness {
  /** The key of the profile. */
  key: string;
  effect: "unknown" | "weaker";
  why: string;
  /** Ids, sorted. */
  entries: string[];
}

interface Rule {
  key: string;
  effect: Weakness["effect"];
  why: string;
  isLeftOut: (contract: NodeContract) => boolean;
  entries: () => string[];
}

const lacks = (program: ProgramName, action: "start" | "stop") => (contract: NodeContract) =>
  contract.services[program]?.[action] === undefined;

/** Entries for which some scenario provokes such a fault. */
function provokedBy(isSo: (fault: FaultSpec) => boolean): string[] {
  return entriesOf((one) => [...plannedFaults(one), ...plannedPeerFaults(one)].some(isSo));
}

function decidedAfter(name: Step["step"]): string[] {
  return entriesOf(({ steps }) => flat(steps).some(({ step }) => step === name));
}

function entriesOf(isSo: (scenario: ScenarioSpec) => boolean): string[] {
  return [
    ...new Set(
      select([], [])
        .filter(isSo)
        .flatMap(({ provokes }) => provokes),
    ),
  ].sort();
}

function flat(steps: readonly Step[]): Step[] {
  return steps.flatMap((one) => [one, ...flat(insideOf(one))]);
}

const rules: readonly Rule[] = [
  {
    key: "node.role",
    effect: "unknown",
    why: "nothing tells the role of keepalived: transitions and forged adverts cannot be judged by it",
    isLeftOut: ({ roleFile }) => roleFile === null,
    entries: () => ["DUAL-1", "SEC-8", "SEC-9", "SEC-10"],
  },
  {
    key: "node.role",
    effect: "weaker",
    why: "a change of roles without a change of the VIP's owner is not seen",
    isLeftOut: ({ roleFile }) => roleFile === null,
    entries: () => ["MON-2"],
  },
  {
    key: "node.gates",
    effect: "unknown",
    why: "nothing tells why a promotion was denied",
    isLeftOut: ({ gates }) => gates === null,
    entries: () => ["FAIL-7", "FAIL-8", "GATE-5", "GATE-6", "SEC-5"],
  },
  {
    key: "node.gates",
    effect: "weaker",
    why: "a node that serves with a closed gate cannot be found by its own words",
    isLeftOut: ({ gates }) => gates === null,
    entries: () => ["INV-4"],
  },
  {
    key: "node.health",
    effect: "unknown",
    why: "no call of Health says whether the controller is well",
    isLeftOut: ({ health }) => health === "none",
    entries: () => ["MON-3"],
  },
  {
    key: "node.texts",
    effect: "weaker",
    why: "the node's own texts are not searched for a claim of recovery to any instant",
    isLeftOut: ({ texts }) => texts === null,
    entries: () => ["REC-5"],
  },
  {
    key: "node.streams.audit",
    effect: "unknown",
    why: "there is no stream to fill before a node is lost",
    isLeftOut: ({ streams }) => streams.audit === null,
    entries: () => decidedAfter("fill"),
  },
  {
    key: "node.streams.cursors",
    effect: "unknown",
    why: "no cursors can be deleted and restored",
    isLeftOut: ({ streams }) => streams.cursors === null,
    entries: () => provokedBy(({ fault }) => fault === "facts-deleted"),
  },
  {
    key: "node.programs.gate",
    effect: "unknown",
    why: "the program that decides about the gates cannot be frozen or killed",
    isLeftOut: ({ programs }) => programs?.gate === undefined,
    entries: () => provokedBy((fault) => "process" in fault && fault.process === "gate"),
  },
  {
    key: "node.programs.nats-server.stop",
    effect: "unknown",
    why: "nats-server cannot be stopped as an operator would",
    isLeftOut: (contract) => lacks("nats-server", "stop")(contract) || lacks("nats-server", "start")(contract),
    entries: () => provokedBy(({ fault }) => fault === "service-down" || fault === "rot"),
  },
  {
    key: "node.programs.keepalived.stop",
    effect: "weaker",
    why: "the service is not handed back to alpha, so each scenario needs a zone of its own; a run takes longer",
    isLeftOut: (contract) => lacks("keepalived", "stop")(contract) || lacks("keepalived", "start")(contract),
    entries: () => [],
  },
  {
    key: "node.programs.controller.start",
    effect: "unknown",
    why: "the controller cannot be started by hand",
    isLeftOut: lacks("controller", "start"),
    entries: () => decidedAfter("start-by-hand"),
  },
];

/** One item for each part that the profile leaves out. */
export function weakerEntries(contract: NodeContract): Weakness[] {
  return rules
    .filter(({ isLeftOut }) => isLeftOut(contract))
    .map(({ key, effect, why, entries }) => ({ key, effect, why, entries: entries() }));
}
