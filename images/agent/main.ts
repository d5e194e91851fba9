// Entry of the agent bundle: `node agent.cjs observe|client|hand|monitor`. One process serves one role and holds one stream.
// `transfer` moves one stream of the store and ends. `look-loop` is started by the observer, as a thread; `handshake-child` by the hand, as a process.

import { serveClient } from "./client/serve-client.ts";
import { runHandshakeChild } from "./handshake/matrix.ts";
import { serveActuator } from "./actuator/serve-actuator.ts";
import { runLookLoop } from "./observe/look-loop.ts";
import { serveMonitor } from "./monitor/serve-monitor.ts";
import { serveObserver } from "./observe/serve-observer.ts";
import { serveTransfer } from "./transfer/serve-transfer.ts";

const roles: Record<string, () => void> = {
  observe: serveObserver,
  client: serveClient,
  actuator: serveActuator,
  monitor: serveMonitor,
  transfer: () => void serveTransfer(),
  "look-loop": runLookLoop,
  "handshake-child": () => void runHandshakeChild(),
};

const role = roles[process.argv[2] ?? ""];
if (role) {
  role();
} else {
  process.stderr.write(`usage: agent.cjs ${["observe", "client", "actuator", "monitor"].join("|")}\n`);
  process.exitCode = 64;
}
