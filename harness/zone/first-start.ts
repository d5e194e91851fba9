// The command that a profile runs inside a node once, after the first start of its container.

import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import type { OperatorCommand } from "#spec/contract/node-contract.ts";
import type { StartedNode } from "./node.ts";

const deadlineMs = 30_000;

/** @throws HarnessError `image/breaks-contract` when it ends with another code than 0 */
export async function runFirstStart(
  node: Pick<StartedNode, "name" | "exec">,
  command: OperatorCommand | undefined,
): Promise<void> {
  if (!command) return;
  const what = `the first command of ${node.name} to end: ${command.join(" ")}`;
  const { code, stdout, stderr } = await withDeadline(node.exec(command), { what, deadlineMs });
  if (code === 0) return;
  const said = `${stdout}${stderr}`.trim().split("\n").at(-1);
  throw new HarnessError(
    "image/breaks-contract",
    `firstStart on ${node.name}: ${command.join(" ")} ended with ${code}: ${said}`,
  );
}
