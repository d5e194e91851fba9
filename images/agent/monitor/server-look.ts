// Asks a node's server how it is, for a monitor.

import { messageOf } from "#base/errors.ts";
import type { ServerLook } from "#protocol/commands/monitor.ts";
import { askMonitor } from "../namespace/monitor-port.ts";
import { serverLookOf } from "./server-answers.ts";

/** Never rejects: a server that does not answer in `timeoutMs` is an answer. */
export async function lookAtServer(pid: number, timeoutMs: number): Promise<ServerLook> {
  try {
    // /healthz says what is wrong with a 503.
    const [health, jetstream] = await askMonitor(pid, ["/healthz", "/jsz"], timeoutMs);
    return serverLookOf(health!, jetstream!);
  } catch (error) {
    return { error: messageOf(error) };
  }
}
