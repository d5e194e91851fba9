// Which ways of failing a gate brings to which node: a cell is a way, a node, and whether that node was active. Pure.

import { drawsOf } from "./scenario.ts";
import { describeFault, type FaultSpec, nodesOf, traitsOf } from "./faults.ts";
import { isServiceNode, type NodeName, nodeNames, otherServiceNode } from "./node.ts";
import type { ScenarioSpec } from "./scenario.ts";
import type { Step } from "./steps.ts";

export interface Cell {
  /** The fault without its node, e.g. "storage full". */
  way: string;
  node: NodeName;
  /** The node was the active one. False too while no node is active. */
  isActive: boolean;
}

export function keyOf({ way, node, isActive }: Cell): string {
  return `${way} | ${isActive ? "active" : "not active"} | ${node}`;
}

/** The cells of one draw. Each scenario begins with Alpha active. */
export function cellsOf(steps: readonly Step[]): Cell[] {
  let active: NodeName | undefined = "alpha";
  return steps.flatMap((step) => {
    if (step.step === "await-answer") active = step.node ?? active;
    if (step.step !== "provoke") return [];
    const cells = step.faults.flatMap((fault) =>
      nodesOf(fault).map((node) => ({ way: wayOf(fault, node), node, isActive: node === active })),
    );
    if (step.faults.some((fault) => active && nodesOf(fault).includes(active) && takesService(fault)))
      active = undefined;
    return cells;
  });
}

function takesService(fault: FaultSpec): boolean {
  const { node, gate, failover, leavesMaster } = traitsOf(fault);
  return node !== "runs" || gate !== null || failover !== "none" || leavesMaster;
}

function wayOf(fault: FaultSpec, node: NodeName): string {
  const others = nodeNames.filter((one) => one !== node);
  const words = describeFault(asDoneTo(fault, node))
    .replace(others.join(", "), "both others")
    .replace(new RegExp(`\\b(against|of|through) ${node}\\b`), "$1 the node")
    .replace(new RegExp(` on ${node}$|\\b${node}\\b`), "");
  const peer = isServiceNode(node) ? otherServiceNode(node) : undefined;
  return (peer ? words.replaceAll(peer, "the other service node") : words)
    .replace(" , ", " with ")
    .replaceAll("  ", " ")
    .trim();
}

/** The same fault, written for this one of its nodes. */
function asDoneTo(fault: FaultSpec, node: NodeName): FaultSpec {
  const others = nodesOf(fault).filter((one) => one !== node);
  return { ...fault, node, ...(others.length > 0 && { with: others }) } as FaultSpec;
}

/** For each cell of these scenarios: how many repeats surely bring it, at most. 1: every run does. */
export function repeatsFor(scenarios: readonly ScenarioSpec[]): Map<string, { cell: Cell; repeats: number }> {
  const found = new Map<string, { cell: Cell; repeats: number }>();
  for (const scenario of scenarios) {
    const draws = drawsOf(scenario).map((steps) => new Map(cellsOf(steps).map((cell) => [keyOf(cell), cell])));
    for (const [key, cell] of draws.flatMap((one) => [...one])) {
      // Each draw comes once in as many repeats as there are draws: the worst order has those without the cell first.
      const repeats = 1 + draws.filter((one) => !one.has(key)).length;
      const before = found.get(key);
      if (!before || before.repeats > repeats) found.set(key, { cell, repeats });
    }
  }
  return found;
}
