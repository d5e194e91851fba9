// Requests to the local nats-server and its JetStream API, each with a deadline. Raw requests instead of the client's
// managers, because then every timeout is ours and each read goes to the stream's leader.

import { Empty, Events, type NatsConnection, connect, headers } from "nats";

export { headers };
export type { NatsConnection };

/** JetStream refused: `code` is its err_code, see nats-server's errors.json. */
export class StoreRefusal extends Error {
  readonly code: number;

  constructor(code: number, description: string) {
    super(description);
    this.name = "StoreRefusal";
    this.code = code;
  }
}

export const refusalCodes = {
  noMessage: 10037,
  streamNameInUse: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
} as const;

/** A message as the stream's leader read it back. */
export interface StoredMessage {
  sequence: number;
  subject: string;
  headers: string;
  data: Buffer;
}

export interface PublishOptions {
  timeoutMs: number;
  headers?: Record<string, string>;
}

export interface PublishAck {
  sequence: number;
  isDuplicate: boolean;
}

interface ApiAnswer {
  error?: { err_code?: number; code?: number; description?: string };
}

/**
 * Ten minutes, because nats.js 2.29 leaves the socket of an abandoned dial open. When a frozen server wakes and greets
 * that socket, its end counts as the end of the good one. Such a client lost its connection every 6 s for ever.
 */
const dialTimeoutMs = 600_000;

/** A connection that reconnects by itself for ever, in short steps. */
export async function connectStore(name: string, server = "127.0.0.1:4222"): Promise<NatsConnection> {
  const nc = await connect({
    servers: server,
    name,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 50,
    timeout: dialTimeoutMs,
    pingInterval: 2_000,
    maxPingOut: 2,
    noEcho: true,
  });
  void endBrokenDials(nc);
  return nc;
}

/**
 * A server may end after it greeted the client and before it answers the first ping. nats.js 2.29 then waits for that
 * answer until the dial times out. A second "disconnect" without a "reconnect" between them tells: that dial fails now.
 */
async function endBrokenDials(nc: NatsConnection): Promise<void> {
  const { protocol } = nc as unknown as { protocol: { connectError?: (error: Error) => void } };
  let isDown = false;
  for await (const { type } of nc.status()) {
    if (type === Events.Reconnect) isDown = false;
    if (type !== Events.Disconnect) continue;
    if (isDown) protocol.connectError?.(new Error("the server ended while it was dialed"));
    isDown = true;
  }
}

/** One JetStream API call. @throws StoreRefusal when the server answers with an error; NatsError on timeout. */
export async function ask<T>(nc: NatsConnection, api: string, call: { body?: unknown; timeoutMs: number }): Promise<T> {
  const { body, timeoutMs } = call;
  const reply = await nc.request(`$JS.API.${api}`, body === undefined ? Empty : JSON.stringify(body), {
    timeout: timeoutMs,
  });
  return answerOf<T>(reply.data);
}

function answerOf<T>(data: Uint8Array): T {
  const answer = JSON.parse(Buffer.from(data).toString("utf8")) as T & ApiAnswer;
  if (answer.error) {
    const { err_code, code, description } = answer.error;
    throw new StoreRefusal(err_code ?? code ?? 0, description ?? "refused");
  }
  return answer;
}

/** Publishes and waits for the stream's acknowledgement. Throws as `ask` does. */
export async function publish(
  nc: NatsConnection,
  message: { subject: string; data: string | Uint8Array },
  options: PublishOptions,
): Promise<PublishAck> {
  const hdrs = headers();
  for (const [key, value] of Object.entries(options.headers ?? {})) hdrs.set(key, value);
  const reply = await nc.request(message.subject, message.data, { timeout: options.timeoutMs, headers: hdrs });
  const ack = answerOf<{ seq: number; duplicate?: boolean }>(reply.data);
  return { sequence: ack.seq, isDuplicate: ack.duplicate === true };
}

interface GetAnswer {
  message: { seq: number; subject: string; hdrs?: string; data?: string };
}

/** Selects the last message of a subject, one sequence, or the first of a subject at or after a sequence. */
export type Where = { last_by_subj: string } | { seq: number } | { seq: number; next_by_subj: string };

/** Reads one message through the stream's leader, never by a direct get. Undefined: there is none. */
export async function readStored(
  nc: NatsConnection,
  place: { stream: string; where: Where },
  timeoutMs: number,
): Promise<StoredMessage | undefined> {
  try {
    const { message } = await ask<GetAnswer>(nc, `STREAM.MSG.GET.${place.stream}`, { body: place.where, timeoutMs });
    return {
      sequence: message.seq,
      subject: message.subject,
      headers: Buffer.from(message.hdrs ?? "", "base64").toString("utf8"),
      data: Buffer.from(message.data ?? "", "base64"),
    };
  } catch (thrown) {
    if (thrown instanceof StoreRefusal && thrown.code === refusalCodes.noMessage) return undefined;
    throw thrown;
  }
}

/** One header of a raw NATS header block, or undefined. */
export function headerOf(block: string, name: string): string | undefined {
  const prefix = `${name.toLowerCase()}:`;
  const line = block.split("\r\n").find((each) => each.toLowerCase().startsWith(prefix));
  return line?.slice(prefix.length).trim();
}
