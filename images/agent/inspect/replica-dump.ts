// Reads what each replica of a stream holds, as digests over blocks of sequences. JetStream places a consumer with one
// replica on one of the stream's servers, and it reads from the store there. Consumers are made until each server has
// one. A read through the leader would say nothing about the others.

import { createHash, type Hash } from "node:crypto";
import { AckPolicy, DeliverPolicy, type JsMsg, type NatsConnection, nanos } from "nats";
import { delay, nowNs } from "#base/clock.ts";
import type { ReplicaDumpEvent } from "#history/event.ts";
import { replicaDumpBlock, replicaDumpLine } from "#history/replica-dump.ts";
import { nodeNames, type NodeName } from "#spec/node.ts";
import { type ConsumerList, durableOf } from "#spec/snapshot.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import type { DumpReplicasRequest } from "#protocol/commands/server.ts";
import { contract } from "../namespace/contract.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import { payloadDigest } from "../facts/payload.ts";
import type { Emit } from "../role/outlet.ts";

const connectTimeoutMs = 2_000;
const askTimeoutMs = 3_000;
/**
 * Each consumer goes to one of three servers by chance. With this many, a server stays without one with a chance below
 * 1 in 10,000.
 */
const triesMax = 26;
/** Attempts to read one stream from all its replicas, each on its own connection. */
const attemptsMax = 4;
/** Pause before the next attempt. An election takes seconds, and four attempts outlast a short one. */
const pauseMs = 2_000;
const batchSize = 200;
/**
 * Far longer than a batch takes. What a server sends to an expired request counts as delivered and is lost. A gap in
 * the delivery numbers shows any loss.
 */
const batchMs = 30_000;
/** The server drops a consumer that is idle for this long. */
const idleMs = 60_000;

interface StreamRange {
  nc: NatsConnection;
  stream: string;
  from: number;
  to: number;
}

/** Emits a `replica-dump` event for each stream and replica. @throws when one cannot be read to its end in time */
export async function dumpReplicas(request: DumpReplicasRequest, emit: Emit): Promise<{ replicas: number }> {
  const untilNs = nowNs() + request.timeoutMs * 1e6;
  let replicas = 0;
  for (const stream of request.streams) {
    const done = new Set<NodeName>();
    for (let attempt = 1; ; attempt++) {
      try {
        await readReplicas({ request, stream, done, untilNs }, emit);
        break;
      } catch (error) {
        // Under CPU contention a server gives up on a slow reader. Nothing was emitted for a replica that was not read
        // to its end.
        if (attempt === attemptsMax || nowNs() > untilNs) throw error;
        await delay(pauseMs);
      }
    }
    replicas += done.size;
  }
  return { replicas };
}

interface Reading {
  request: DumpReplicasRequest;
  stream: string;
  /** Replicas that have been read. */
  done: Set<NodeName>;
  untilNs: number;
}

async function readReplicas({ request, stream, done, untilNs }: Reading, emit: Emit): Promise<void> {
  await using server = await ServerConnection.open(request.pid, connectTimeoutMs);
  const { nc } = server;
  const { state } = await askJetStream<StreamInfo>(nc, `STREAM.INFO.${stream}`, { timeoutMs: askTimeoutMs });
  const range = { nc, stream, from: Math.max(request.from[stream] ?? 1, state.first_seq), to: state.last_seq };
  const consumers = durableOf(
    await askJetStream<ConsumerList>(nc, `CONSUMER.LIST.${stream}`, { timeoutMs: askTimeoutMs }),
  );
  for (const [node, name] of await readersByNode(range, state.messages)) {
    if (done.has(node)) continue;
    const read = name ? await readAll(range, name, untilNs) : { messages: 0, blocks: {} };
    const { from, to } = range;
    emit({ t: nowNs(), type: "replica-dump", label: request.label, node, stream, from, to, consumers, ...read });
    done.add(node);
  }
}

/** Makes a consumer on each server that has a replica. None for an empty stream. */
async function readersByNode({ nc, stream, from }: StreamRange, messages: number): Promise<Map<NodeName, string>> {
  const { cluster, config } = await askJetStream<StreamInfo>(nc, `STREAM.INFO.${stream}`, { timeoutMs: askTimeoutMs });
  const members = [cluster?.leader ?? "", ...(cluster?.replicas ?? []).map((one) => one.name)];
  const wanted = nodeNames.filter((node) => members.some((member) => member.includes(node)));
  const replicas = config.num_replicas;
  if (wanted.length < replicas)
    throw new Error(`${stream} lists ${wanted.length} of its ${replicas} replicas: it has no leader`);
  if (messages === 0) return new Map(wanted.map((node) => [node, ""]));
  const found = new Map<NodeName, string>();
  const manager = await nc.jetstreamManager({ timeout: askTimeoutMs });
  for (let tries = 0; tries < triesMax && found.size < wanted.length; tries++) {
    const info = await manager.consumers.add(config.name, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: Math.max(1, from),
      inactive_threshold: nanos(idleMs),
      num_replicas: 1,
      mem_storage: true,
    });
    const node = wanted.find((one) => info.cluster?.leader?.includes(one));
    if (node && !found.has(node)) found.set(node, info.name);
    else await manager.consumers.delete(config.name, info.name);
  }
  const lacking = wanted.filter((node) => !found.has(node));
  if (lacking.length > 0)
    throw new Error(`no consumer of ${stream} was placed on ${lacking.join(", ")} in ${triesMax} attempts`);
  return found;
}

/** Reads everything up to `to`. @throws at the deadline, and when a message was lost on its way */
async function readAll(
  range: StreamRange,
  name: string,
  untilNs: number,
): Promise<Pick<ReplicaDumpEvent, "messages" | "blocks">> {
  const consumer = await range.nc.jetstream({ timeout: askTimeoutMs }).consumers.get(range.stream, name);
  const digests = new BlockDigests();
  let isOver = false;
  let deliveries = 0;
  while (!isOver) {
    if (nowNs() > untilNs) throw new Error(`${range.stream} was read up to ${digests.lastSeq} of ${range.to}`);
    const batch = await consumer.fetch({ max_messages: batchSize, expires: batchMs });
    for await (const message of batch) {
      deliveries += 1;
      if (message.info.deliverySequence !== deliveries)
        throw new Error(`delivery ${deliveries} of ${range.stream} did not arrive`);
      if (message.seq <= range.to) digests.add(message);
      isOver = message.seq >= range.to || message.info.pending === 0;
      if (isOver) break;
    }
  }
  await consumer.delete();
  return { messages: digests.messages, blocks: digests.end() };
}

/** A digest for each block of sequences that holds a message. */
class BlockDigests {
  readonly #hashes = new Map<number, Hash>();
  messages = 0;
  lastSeq = 0;

  add(message: JsMsg): void {
    const block = replicaDumpBlock(message.seq);
    const hash = this.#hashes.get(block) ?? createHash("sha256");
    this.#hashes.set(block, hash);
    const id = message.headers?.get(contract.streams.messageId) || message.subject;
    hash.update(replicaDumpLine({ offset: message.seq, messageId: id, digest: payloadDigest(message.data) }));
    this.messages += 1;
    this.lastSeq = message.seq;
  }

  end(): Record<string, string> {
    return Object.fromEntries([...this.#hashes].map(([block, hash]) => [String(block), hash.digest("hex")]));
  }
}
