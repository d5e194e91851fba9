// How far the peer zone is behind, read from this zone's own store: the cursor that the peer has confirmed, and the
// first fact after it. The controller is not asked. Whether the peer really has what it confirmed is another check.

import type { NatsConnection } from "nats";
import { wallMs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ExchangeSample } from "#protocol/commands/monitor.ts";
import { contract } from "../namespace/contract.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";

const { facts: factStream, cursors } = contract.streams;
/** Facts of this zone, not copies from a peer (docs/node-contract.md). */
const ownFacts = "facts.operational.*";
/** Younger facts are still on their way. Counting them would cost more than it shows. */
const countedFromMs = 1_000;
/** The server drops the counting consumer after this time. */
const forgottenAfterNs = 2e9;

interface Stored {
  message: { seq: number; time: string; data?: string };
}

/** Never rejects. A server that does not answer in `timeoutMs` is recorded as such. */
export async function sampleExchange(
  { pid, peerZoneId }: { pid: number; peerZoneId: string },
  timeoutMs: number,
): Promise<ExchangeSample> {
  try {
    await using server = await ServerConnection.open(pid, timeoutMs);
    const { nc } = server;
    const confirmed = await read(
      nc,
      { stream: cursors ?? "", where: { last_by_subj: `cursors.${peerZoneId}.*` } },
      timeoutMs,
    );
    const after = Number(Buffer.from(confirmed?.data ?? "", "base64").toString("utf8") || 0);
    const next = { seq: after + 1, next_by_subj: ownFacts };
    const oldest = await read(nc, { stream: factStream, where: next }, timeoutMs);
    if (!oldest) return { lagMs: 0, facts: 0 };
    const lagMs = Math.max(0, Math.round(wallMs() - Date.parse(oldest.time)));
    return { lagMs, ...(lagMs < countedFromMs ? {} : { facts: await count(nc, oldest.seq, timeoutMs) }) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

async function read(
  nc: NatsConnection,
  place: { stream: string; where: { last_by_subj: string } | { seq: number; next_by_subj: string } },
  timeoutMs: number,
): Promise<Stored["message"] | undefined> {
  try {
    return (await askJetStream<Stored>(nc, `STREAM.MSG.GET.${place.stream}`, { timeoutMs, body: place.where })).message;
  } catch (error) {
    if (/no message found/.test(messageOf(error))) return undefined;
    throw error;
  }
}

/** The server counts what a consumer from this sequence on would get. */
async function count(nc: NatsConnection, fromSequence: number, timeoutMs: number): Promise<number> {
  const config = {
    deliver_policy: "by_start_sequence",
    opt_start_seq: fromSequence,
    ack_policy: "none",
    filter_subject: ownFacts,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: forgottenAfterNs,
  };
  const body = { stream_name: factStream, config };
  const made = await askJetStream<{ num_pending: number }>(nc, `CONSUMER.CREATE.${factStream}`, { timeoutMs, body });
  return made.num_pending;
}
