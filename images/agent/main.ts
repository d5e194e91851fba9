// Entry of the agent bundle: `node agent.cjs observe|client|hand`, and `audit-child`, which the hand starts inside a
// node's network namespace. One process serves one role and holds one stream.

import { runAuditChild } from "./hand/audit-child.ts";
import { serveClient } from "./client/serve-client.ts";
import { serveHand } from "./hand/serve-hand.ts";
import { serveObserver } from "./observe/serve-observer.ts";

const roles: Record<string, () => void> = {
  observe: serveObserver,
  client: serveClient,
  hand: serveHand,
  "audit-child": () => void runAuditChild(),
};

const role = roles[process.argv[2] ?? ""];
if (role) {
  role();
} else {
  process.stderr.write(`usage: agent.cjs ${Object.keys(roles).join("|")}\n`);
  process.exitCode = 64;
}
