// Asks a node's server how it is, for a monitor.

import { messageOf } from "#base/errors.ts";
import type { ServerSample } from "#protocol/commands/monitor.ts";
import { askMonitor } from "../namespace/monitor-port.ts";
import { serverSampleOf } from "./server-answers.ts";

/** Never rejects: a server that does not answer in `timeoutMs` is an answer. */
export async function sampleServer(pid: number, timeoutMs: number): Promise<ServerSample> {
  try {
    // /healthz says what is wrong with a 503.
    const [health, jetstream] = await askMonitor(pid, ["/healthz", "/jsz"], timeoutMs);
    return serverSampleOf(health!, jetstream!);
  } catch (error) {
    return { error: messageOf(error) };
  }
}
