// How far the peer zone is behind, read from this zone's own store: the cursor that it has confirmed, and the first
// fact after it. The controller's word is not asked for; that the peer has what it confirmed is for others to decide.

import type { NatsConnection } from "nats";
import { wallMs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ExchangeSample } from "#protocol/commands/monitor.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";

const factStream = "facts_operational";
/** Facts that did not come from a peer (docs/node-contract.md). */
const ownFacts = "facts.operational.*";
/** Below this they are on their way, and counting them would cost more than they tell. */
const countedFromMs = 1_000;
/** The server forgets the consumer that counted. */
const forgottenAfterNs = 2e9;

interface Stored {
  message: { seq: number; time: string; data?: string };
}

/** Never rejects: a server that does not answer in `timeoutMs` is an answer. */
export async function sampleExchange(
  { pid, peerZoneId }: { pid: number; peerZoneId: string },
  timeoutMs: number,
): Promise<ExchangeSample> {
  try {
    await using server = await ServerConnection.open(pid, timeoutMs);
    const { nc } = server;
    const confirmed = await read(
      nc,
      { stream: "cursors", where: { last_by_subj: `cursors.${peerZoneId}.*` } },
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

/** The server counts what a consumer from there on would be given. */
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
