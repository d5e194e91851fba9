// What a command by hand needs of a node. A slip of the user ends at once, and is no failure of the harness.

import { HarnessError } from "#base/errors.ts";
import { type FaultName, worksOnPaused } from "#spec/faults.ts";
import type { NodeState, StartedNode } from "#zone/node.ts";

type Asked = Pick<StartedNode, "name" | "state">;

/** @throws HarnessError `usage/node-state` */
export async function mustAllow(fault: FaultName, node: Asked): Promise<void> {
  await mustBe(worksOnPaused(fault) ? ["running", "paused"] : ["running"], node, `fault ${fault}`);
}

/** @throws HarnessError `usage/node-state` */
export async function mustBe(needed: readonly NodeState[], node: Asked, command: string): Promise<void> {
  const state = await node.state();
  if (needed.includes(state)) return;
  throw new HarnessError("usage/node-state", `${node.name} is ${state}`, {
    expected: `for "${command}" it must be ${needed.join(" or ")}`,
  });
}
