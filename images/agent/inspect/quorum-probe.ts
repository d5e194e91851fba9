// Tries one write to a stream of our own with three replicas: is it acknowledged? The first probe makes the stream.

import { nanos, type NatsConnection, StorageType } from "nats";
import { nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ReplyOf } from "#protocol/commands.ts";
import type { ServerQuery } from "#protocol/commands/server.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import type { Emit } from "../role/outlet.ts";

const probe = { stream: "triad_probe", subject: "triad.probe" };

/** Emits a `quorum` event. Never rejects: a write that failed is the result. */
export async function probeQuorum(request: ServerQuery, emit: Emit): Promise<ReplyOf<"quorum">> {
  const { node, pid, timeoutMs } = request;
  let outcome: ReplyOf<"quorum">;
  try {
    await using server = await ServerConnection.open(pid, Math.min(1_000, timeoutMs));
    await publish(server.nc, timeoutMs);
    outcome = { isAcknowledged: true };
  } catch (error) {
    outcome = { isAcknowledged: false, error: messageOf(error) };
  }
  emit({ t: nowNs(), type: "quorum", node, ...outcome });
  return outcome;
}

async function publish(nc: NatsConnection, timeoutMs: number): Promise<void> {
  const write = () => nc.jetstream({ timeout: timeoutMs }).publish(probe.subject, String(nowNs()));
  try {
    await write();
  } catch (error) {
    // 503: no stream takes the subject. It does not exist yet, or cannot be reached.
    if ((error as { code?: string }).code !== "503") throw error;
    const body = {
      name: probe.stream,
      subjects: [probe.subject],
      num_replicas: 3,
      max_msgs: 10,
      storage: StorageType.Memory,
      retention: "limits",
      discard: "old",
      duplicate_window: nanos(1_000),
    };
    await askJetStream(nc, `STREAM.CREATE.${probe.stream}`, { timeoutMs: Math.max(timeoutMs, 2_000), body });
    await write();
  }
}
