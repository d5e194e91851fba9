// Which node must take over when a fault is done by hand. Pure.

import { type FaultSpec, nodesOf, traitsOf } from "#spec/faults.ts";
import { isServiceNode, type NodeName, nodeNames, otherServiceNode, type ServiceNode } from "#spec/node.ts";

/**
 * The node that must become active; undefined when none must. A takeover is asked for only where the other service node
 * and Gamma are without a fault: anything else may rightly deny it.
 *
 * @param from the node that holds the VIP now.
 * @param standing faults that are not undone.
 */
export function expectedTakeover(
  specs: readonly FaultSpec[],
  { from, standing }: { from: NodeName | undefined; standing: readonly FaultSpec[] },
): ServiceNode | undefined {
  if (from === undefined || !isServiceNode(from)) return undefined;
  const hit = [...standing, ...specs].flatMap(nodesOf);
  if (hit.some((node) => node !== from)) return undefined;
  return specs.some((spec) => spec.node === from && endsService(spec)) ? otherServiceNode(from) : undefined;
}

function endsService(spec: FaultSpec): boolean {
  return traitsOf(spec).failover !== "none" && (spec.fault !== "cut" || isWholeCut(spec));
}

/** A cut from some peers only, or in one direction, leaves the zone a choice. */
function isWholeCut({ node, peers, segments, direction }: Extract<FaultSpec, { fault: "cut" }>): boolean {
  const isFromAll = peers === undefined || nodeNames.every((name) => name === node || peers.includes(name));
  return isFromAll && segments.includes("zone") && segments.includes("control") && direction === "both";
}
