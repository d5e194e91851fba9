// What each replica of a stream holds, message by message, as digests over blocks of sequences. A consumer with one
// replica is placed on one of the stream's servers and reads from the store there: several are made until each server
// has one. A read through the stream's leader would say nothing of the others.

import { createHash, type Hash } from "node:crypto";
import { AckPolicy, DeliverPolicy, type JsMsg, type NatsConnection, nanos } from "nats";
import { delay, nowNs } from "#base/clock.ts";
import type { HistoryEvent, ReplicaDumpEvent } from "#history/event.ts";
import { replicaDumpBlock, replicaDumpLine } from "#history/replica-dump.ts";
import { nodeNames, type NodeName } from "#spec/node.ts";
import { type ConsumerList, durableOf } from "#spec/snapshot.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import type { DumpReplicasRequest } from "#protocol/commands/server.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import { payloadDigest } from "../facts/payload.ts";

const connectTimeoutMs = 2_000;
const askTimeoutMs = 3_000;
/**
 * Each lands on one of three servers by chance: that so many miss one of them has a chance of less than 1 in 10,000.
 */
const triesMax = 26;
/** Of reading one stream from all its replicas, each with a connection of its own. */
const attemptsMax = 4;
/** Before the next attempt: an election takes seconds, and four attempts outlast a short one. */
const pauseMs = 2_000;
const batchSize = 200;
/**
 * Far longer than a batch takes: what a server sends to a request that has run out counts as delivered, and is gone.
 * Whatever is lost on the way shows as a gap in the numbers of the deliveries.
 */
const batchMs = 30_000;
/** A consumer that nobody reads ends by itself. */
const idleMs = 60_000;

type Tell = (event: HistoryEvent) => void;

interface Place {
  nc: NatsConnection;
  stream: string;
  from: number;
  to: number;
}

/** Emits an `inventory` for each stream and replica. @throws when one cannot be read to its end in time. */
export async function dumpReplicas(request: DumpReplicasRequest, tell: Tell): Promise<{ replicas: number }> {
  const untilNs = nowNs() + request.timeoutMs * 1e6;
  let replicas = 0;
  for (const stream of request.streams) {
    const done = new Set<NodeName>();
    for (let attempt = 1; ; attempt++) {
      try {
        await readReplicas({ request, stream, done, untilNs }, tell);
        break;
      } catch (error) {
        // On a busy machine a server gives a slow reader up. Nothing was told of a replica that was not read to its
        // end.
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
  /** Replicas that were read. */
  done: Set<NodeName>;
  untilNs: number;
}

async function readReplicas({ request, stream, done, untilNs }: Reading, tell: Tell): Promise<void> {
  await using server = await ServerConnection.open(request.pid, connectTimeoutMs);
  const { nc } = server;
  const { state } = await askJetStream<StreamInfo>(nc, `STREAM.INFO.${stream}`, { timeoutMs: askTimeoutMs });
  const place = { nc, stream, from: Math.max(request.from[stream] ?? 1, state.first_seq), to: state.last_seq };
  const consumers = durableOf(
    await askJetStream<ConsumerList>(nc, `CONSUMER.LIST.${stream}`, { timeoutMs: askTimeoutMs }),
  );
  for (const [node, name] of await readersByNode(place, state.messages)) {
    if (done.has(node)) continue;
    const read = name ? await readAll(place, name, untilNs) : { messages: 0, blocks: {} };
    const { from, to } = place;
    tell({ t: nowNs(), type: "replica-dump", label: request.label, node, stream, from, to, consumers, ...read });
    done.add(node);
  }
}

/** A consumer on each server that takes one; of an empty stream, where there is nothing to read, none. */
async function readersByNode({ nc, stream, from }: Place, messages: number): Promise<Map<NodeName, string>> {
  const { cluster, config } = await askJetStream<StreamInfo>(nc, `STREAM.INFO.${stream}`, { timeoutMs: askTimeoutMs });
  const members = [cluster?.leader ?? "", ...(cluster?.replicas ?? []).map((one) => one.name)];
  const wanted = nodeNames.filter((node) => members.some((member) => member.includes(node)));
  const replicas = config.num_replicas;
  if (wanted.length < replicas)
    throw new Error(`${stream} told of ${wanted.length} of its ${replicas} replicas: it has no leader`);
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
    throw new Error(`no consumer of ${stream} came to ${lacking.join(", ")} in ${triesMax} tries`);
  return found;
}

/** Everything up to `to`. @throws at the deadline, and when a message did not arrive: that one is the reader's loss. */
async function readAll(
  place: Place,
  name: string,
  untilNs: number,
): Promise<Pick<ReplicaDumpEvent, "messages" | "blocks">> {
  const consumer = await place.nc.jetstream({ timeout: askTimeoutMs }).consumers.get(place.stream, name);
  const digests = new BlockDigests();
  let isOver = false;
  let deliveries = 0;
  while (!isOver) {
    if (nowNs() > untilNs) throw new Error(`${place.stream} was read up to ${digests.lastSeq} of ${place.to}`);
    const batch = await consumer.fetch({ max_messages: batchSize, expires: batchMs });
    for await (const message of batch) {
      deliveries += 1;
      if (message.info.deliverySequence !== deliveries)
        throw new Error(`delivery ${deliveries} of ${place.stream} did not arrive`);
      if (message.seq <= place.to) digests.add(message);
      isOver = message.seq >= place.to || message.info.pending === 0;
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
    const id = message.headers?.get("Nats-Msg-Id") || message.subject;
    hash.update(replicaDumpLine({ offset: message.seq, messageId: id, digest: payloadDigest(message.data) }));
    this.messages += 1;
    this.lastSeq = message.seq;
  }

  end(): Record<string, string> {
    return Object.fromEntries([...this.#hashes].map(([block, hash]) => [String(block), hash.digest("hex")]));
  }
}
