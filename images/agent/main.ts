// Entry of the agent bundle: `node agent.cjs observe|client|hand`. One process serves one role and holds one stream.
// `audit-child` is started by the hand inside a node's network namespace, `look-loop` by the observer as a thread.

import { runAuditChild } from "./hand/audit-child.ts";
import { serveClient } from "./client/serve-client.ts";
import { serveHand } from "./hand/serve-hand.ts";
import { runLookLoop } from "./observe/look-loop.ts";
import { serveObserver } from "./observe/serve-observer.ts";

const roles: Record<string, () => void> = {
  observe: serveObserver,
  client: serveClient,
  hand: serveHand,
  "look-loop": runLookLoop,
  "audit-child": () => void runAuditChild(),
};

const role = roles[process.argv[2] ?? ""];
if (role) {
  role();
} else {
  process.stderr.write(`usage: agent.cjs ${["observe", "client", "hand"].join("|")}\n`);
  process.exitCode = 64;
}
