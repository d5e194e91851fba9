// JetStream's API as an operator of a zone uses it: questions to a stream's leader through any node that is up, and
// what one node reports about itself. It neither retries nor judges.

import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import { type ConsumerFigures, type ConsumerList, durableOf, type StreamFigures } from "#spec/snapshot.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import type { StartedZone } from "./zone.ts";

const askTimeoutMs = 3_000;

/** err_code values of nats-server's errors.json. */
export const storeRefusals = { streamNotFound: 10_059, streamNameInUse: 10_058, restoreNameInUse: 10_130 } as const;

export interface StoreError {
  err_code?: number;
  description?: string;
}

/** A server's answer: the fields asked for, or an error. */
export type StoreAnswer<T> = T & { error?: StoreError };

/** A node that is up. gamma comes first: it has no service, so it has the least to do. @throws `zone/not-ready` */
function nodeToAsk(zone: StartedZone): NodeName {
  const name = [...nodeNames].reverse().find((one) => zone.node(one).isUp);
  if (!name) throw new HarnessError("zone/not-ready", `no node of zone ${zone.plan.id} is up`);
  return name;
}

export interface AskOptions {
  body?: unknown;
  /** The node whose server is asked. Absent: any. */
  node?: NodeName;
  timeoutMs?: number;
  /** For calls that only an operator may make. */
  login?: { user: string; password: string };
}

/** One page of a node's monitoring port. `T`: its fields as nats-server documents them. @throws as `askStore` does */
export async function askMonitor<T>(zone: StartedZone, node: NodeName, options: PageOptions): Promise<T> {
  const { path, timeoutMs = askTimeoutMs } = options;
  const { answer } = await zone.askNode(node, { do: "ask-monitor", path, timeoutMs });
  return answer as T;
}

export interface PageOptions {
  path: string;
  timeoutMs?: number;
}

/**
 * One call. `T`: the answer as nats-server documents it.
 *
 * @throws HarnessError `agent/refused` without an answer, for example when a stream has no leader
 */
export async function askStore<T>(zone: StartedZone, api: string, options: AskOptions = {}): Promise<StoreAnswer<T>> {
  const { body, login, node = nodeToAsk(zone), timeoutMs = askTimeoutMs } = options;
  const request = { do: "ask-store", api, timeoutMs, ...defined({ body, login }) } as const;
  const { answer } = await zone.askNode(node, request);
  return answer as StoreAnswer<T>;
}

/** The process of a node that is up, for a transfer. */
export function pidToAsk(zone: StartedZone): number {
  return zone.node(nodeToAsk(zone)).pid;
}

interface Jsz {
  account_details?: { stream_detail?: Held[] }[];
}

interface Held {
  name: string;
  state: StreamInfo["state"];
}

/** What one node itself reports: the figures of its replica, by stream. */
export async function heldBy(zone: StartedZone, node: NodeName): Promise<Map<string, StreamFigures>> {
  const answer = await askMonitor<Jsz>(zone, node, { path: "/jsz?accounts=true&streams=true" });
  const held = (answer.account_details ?? []).flatMap((account) => account.stream_detail ?? []);
  return new Map(held.map(({ name, state }) => [name, figuresOf(state)]));
}

export function figuresOf(state: StreamInfo["state"]): StreamFigures {
  return { messages: state.messages, bytes: state.bytes, firstSeq: state.first_seq, lastSeq: state.last_seq };
}

/** The durable consumers of a stream, as its leader lists them. */
export async function consumersOf(zone: StartedZone, stream: string): Promise<ConsumerFigures[]> {
  const answer = await askStore<ConsumerList>(zone, `CONSUMER.LIST.${stream}`);
  if (answer.error) throw new HarnessError("agent/refused", `consumers of ${stream}: ${answer.error.description}`);
  return durableOf(answer);
}
