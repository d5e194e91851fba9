// What the points of the contract share: the form of a rule, and the questions that several rules ask. Pure.

import { endOf } from "#history/local-address.ts";
import type { InspectedProcess } from "#history/event.ts";
import type { ProgramName } from "#spec/contract/node-contract.ts";
import { type NodeName, type ServiceNode, serviceNodes } from "#spec/node.ts";
import { answersTo } from "#spec/program.ts";
import type { ZonePlan } from "#topology/plan.ts";
import type { NodeFacts, ZoneFacts } from "./node-facts.ts";

/** What a point found: undefined when it is met. */
export type Found = undefined | string | { unknown: string };

export interface Rule {
  id: string;
  says: string;
  key?: string;
  /** Absent: always needed. */
  isNeeded?: (zone: Zone) => boolean;
  look: (zone: Zone) => Found;
}

export interface Zone {
  facts: ZoneFacts;
  plan: ZonePlan;
}

/** The first of these nodes on which something is wrong. A node that is down answers no further question. */
export function onEach(nodes: readonly NodeName[], look: (node: NodeFacts, name: NodeName) => string | undefined) {
  return ({ facts }: Zone): Found => {
    for (const name of nodes) {
      const node = facts.nodes[name];
      if (!node.isUp || !node.inspection) return { unknown: `${name} does not run` };
      const wrong = look(node, name);
      if (wrong !== undefined) return `${name}: ${wrong}`;
    }
    return undefined;
  };
}

export const processesOf = ({ inspection }: NodeFacts): InspectedProcess[] => inspection?.processes ?? [];
export const socketsOf = ({ inspection }: NodeFacts) => inspection?.sockets ?? [];
export const isListening = (node: NodeFacts, port: number) =>
  socketsOf(node).filter(({ state, local }) => state === "LISTEN" && endOf(local).port === port);
const namesOf = (node: NodeFacts) => [...new Set(processesOf(node).map(({ exe, name }) => exe ?? name))].join(", ");

export function runs(program: ProgramName, nodes: readonly NodeName[], isWanted = true) {
  return (zone: Zone): Found =>
    onEach(nodes, (node) => {
      const found = processesOf(node).find((one) => answersTo(program, one, zone.plan.contract.programs));
      if (isWanted) return found ? undefined : `no process fits its rule; it runs ${namesOf(node).slice(0, 300)}`;
      return found && `process ${found.pid} is "${found.argv.join(" ").slice(0, 80)}"`;
    })(zone);
}

/** The service node that owns the VIP. */
export function ownerOf({ facts, plan }: Zone): ServiceNode | undefined {
  return serviceNodes.find((name) => hasVip(facts.nodes[name], plan.vip));
}

export const hasVip = ({ inspection }: NodeFacts, vip: string) =>
  inspection?.addresses.some(({ address }) => address === vip) ?? false;

export function ofOwner(look: (node: NodeFacts, zone: Zone) => string | undefined) {
  return (zone: Zone): Found => {
    const owner = ownerOf(zone);
    if (!owner) return { unknown: "no service node owns the VIP" };
    const wrong = look(zone.facts.nodes[owner], zone);
    return wrong === undefined ? undefined : `${owner}: ${wrong}`;
  };
}
