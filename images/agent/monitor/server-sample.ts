// Asks a node's server about its health, for a monitor.

import { messageOf } from "#base/errors.ts";
import type { ServerSample } from "#protocol/commands/monitor.ts";
import { askMonitor } from "../namespace/monitor-port.ts";
import { serverSampleOf } from "./server-answers.ts";

/** Never rejects. A server that does not answer in `timeoutMs` is recorded as such. */
export async function sampleServer(pid: number, timeoutMs: number): Promise<ServerSample> {
  try {
    // With status 503 /healthz says what is wrong.
    const [health, jetstream] = await askMonitor(pid, ["/healthz", "/jsz"], timeoutMs);
    return serverSampleOf(health!, jetstream!);
  } catch (error) {
    return { error: messageOf(error) };
  }
}
