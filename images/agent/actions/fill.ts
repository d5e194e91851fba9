// Fills a stream, so that a catch-up has something to move. Makes a durable consumer that has acknowledged some of the
// messages, so that its position can be lost. Both are made as an application of the zone would make them.

import { randomBytes } from "node:crypto";
import { AckPolicy, headers, type NatsConnection } from "nats";
import type { FillRequest } from "#protocol/commands/server.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";

/** Publishes in flight at once. */
const windowSize = 16;
const connectTimeoutMs = 2_000;

/** @throws when a publish or an acknowledgement has no answer in time */
export async function fillStream(
  request: FillRequest,
): Promise<{ messages: number; bytes: number; acknowledged: number }> {
  await using server = await ServerConnection.open(request.pid, connectTimeoutMs);
  const { nc } = server;
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next < request.messages) await publish(nc, request, next++);
  };
  await Promise.all(Array.from({ length: windowSize }, writer));
  const acknowledged = await consume(nc, request);
  return { messages: request.messages, bytes: request.messages * request.bytesEach, acknowledged };
}

async function publish(nc: NatsConnection, request: FillRequest, place: number): Promise<void> {
  const hdrs = headers();
  hdrs.set("Nats-Msg-Id", `${request.prefix}-${place}`);
  await nc
    .jetstream({ timeout: request.timeoutMs })
    .publish(request.subject, randomBytes(request.bytesEach), { headers: hdrs });
}

/** Makes the consumer (idempotent) and acknowledges the next messages one by one. */
async function consume(nc: NatsConnection, request: FillRequest): Promise<number> {
  const { stream, consumer: name, timeoutMs } = request;
  if (request.acknowledged === 0) return 0;
  // The consumer gets as many replicas as the stream has.
  const config = { durable_name: name, ack_policy: AckPolicy.Explicit };
  await askJetStream(nc, `CONSUMER.DURABLE.CREATE.${stream}.${name}`, {
    timeoutMs,
    body: { stream_name: stream, config },
  });
  const consumer = await nc.jetstream({ timeout: timeoutMs }).consumers.get(stream, name);
  const messages = await consumer.fetch({ max_messages: request.acknowledged, expires: timeoutMs });
  let acknowledged = 0;
  for await (const message of messages) {
    await message.ackAck();
    acknowledged += 1;
  }
  if (acknowledged < request.acknowledged)
    throw new Error(`consumer ${name} got ${acknowledged} of ${request.acknowledged} messages`);
  return acknowledged;
}
