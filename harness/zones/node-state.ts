// What a command by hand needs of a node. A slip of the user ends at once, and is no failure of the harness.

import { HarnessError } from "#base/errors.ts";
import type { NodeFault } from "#api/zone-options.ts";
import type { NodeState, StartedNode } from "#zone/node.ts";

/** In which states each fault can do something. `resume` of a node that runs does no harm. */
const faultNeeds: Record<NodeFault, readonly NodeState[]> = {
  kill: ["running", "paused"],
  power: ["running", "paused"],
  stop: ["running"],
  pause: ["running"],
  reboot: ["running"],
  resume: ["running", "paused"],
};

type Asked = Pick<StartedNode, "name" | "state">;

/** @throws HarnessError `usage/node-state` */
export async function mustAllow(fault: NodeFault, node: Asked): Promise<void> {
  await mustBe(faultNeeds[fault], node, `fault ${fault}`);
}

/** @throws HarnessError `usage/node-state` */
export async function mustBe(needed: readonly NodeState[], node: Asked, command: string): Promise<void> {
  const state = await node.state();
  if (needed.includes(state)) return;
  throw new HarnessError("usage/node-state", `${node.name} is ${state}`, {
    expected: `for "${command}" it must be ${needed.join(" or ")}`,
  });
}
