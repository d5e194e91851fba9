// Entry of the agent bundle: `node agent.cjs ROLE`. One process serves one role.

import { serveActuator } from "./actuator/serve-actuator.ts";
import { serveClient } from "./client/serve-client.ts";
import { runHandshakeChild } from "./handshake/matrix.ts";
import { serveMonitor } from "./monitor/serve-monitor.ts";
import { runLookLoop } from "./observe/look-loop.ts";
import { serveObserver } from "./observe/serve-observer.ts";
import { serveTransfer } from "./transfer/serve-transfer.ts";

const roles: Record<string, () => void> = {
  observe: serveObserver,
  client: serveClient,
  actuator: serveActuator,
  monitor: serveMonitor,
  // Moves one stream and ends.
  transfer: () => void serveTransfer(),
  // Started by the observer, as a thread.
  "look-loop": runLookLoop,
  // Started by the actuator, as a process.
  "handshake-child": () => void runHandshakeChild(),
};

const role = roles[process.argv[2] ?? ""];
if (role) {
  role();
} else {
  process.stderr.write(`usage: agent.cjs ${Object.keys(roles).join("|")}\n`);
  process.exitCode = 64;
}
