// The load: appends at a rate, some of them repeated, and a reader that fetches pages and confirms them. Open loop:
// calls start at the rate with or without a connection. Without one they fail at once, because nothing was sent.

import { create } from "@bufbuild/protobuf";
import { delay, nowNs, wallMs } from "#base/clock.ts";
import type { OperationEvent } from "#history/event.ts";
import { outcomeNamed, type Outcome } from "#protocol/outcome.ts";
import type { NodeName } from "#spec/node.ts";
import type { LoadRequest, LoadTotals, Pace } from "#protocol/commands/client.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";
import { Dialer, readCertificates, type Session } from "./dialer.ts";
import { digestOf, factNumber } from "../facts/fact.ts";
import { type Details, OperationLog, type Operation } from "./operation-log.ts";
import { beatAt } from "./pace.ts";
import { Repeats } from "./repeats.ts";
import { stretchesOf } from "../facts/stretches.ts";
import { callUnary, type Method, type Reply } from "./unary.ts";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";

const append = { name: "AppendFact", input: bsfg.AppendFactRequestSchema, output: bsfg.AppendFactResponseSchema };
const fetchPage = { name: "FetchFacts", input: bsfg.FetchFactsRequestSchema, output: bsfg.FetchFactsResponseSchema };
const confirm = {
  name: "ConfirmReceipt",
  input: bsfg.ConfirmReceiptRequestSchema,
  output: bsfg.ConfirmReceiptResponseSchema,
};

/** Facts in a page. A node may read them one by one, and a page must fit into the call timeout. */
const pageLimit = 10;
/** Pause after a failed call of a load that keeps a number of calls in flight. */
const failedPauseMs = 50;

/** A repeat sends the same message. */
interface SentFact {
  messageId: string;
  digest: string;
  message: MessageShape<typeof bsfg.AppendFactRequestSchema>;
}

interface Call<I extends DescMessage, O extends DescMessage> {
  operation: Operation;
  method: Method<I, O>;
  message: MessageShape<I>;
}

export class Load {
  readonly #request: LoadRequest;
  readonly #log: OperationLog;
  readonly #dialer: Dialer;
  readonly #nodes: Map<string, NodeName>;
  readonly #free: string[] = [];
  #processesMax: number;
  #processes = 0;
  readonly #repeats = new Repeats<SentFact>();
  #isReading = false;
  #stopReads: () => void;
  #stopAppends: () => void;
  /** The reader starts at the first offset that was acknowledged: earlier facts belong to another load. */
  #startOffset: number | undefined;
  #hasStarted = false;

  constructor(request: LoadRequest, emit: (event: OperationEvent) => void) {
    this.#request = request;
    this.#log = new OperationLog(request.firstOp, request.isQuiet ? undefined : emit);
    this.#nodes = new Map(Object.entries(request.fingerprints));
    this.#processesMax = this.#processesFor(request.appendPerS);
    const { host, port } = splitTarget(request.target);
    this.#dialer = new Dialer({
      host,
      port,
      serverName: request.serverName,
      ...readCertificates(request.certificates),
      connectTimeoutMs: request.connectTimeoutMs,
      handshakeTimeoutMs: request.callTimeoutMs,
    });
    this.#stopAppends = this.#appendAt(request.appendPerS);
    this.#stopReads = beatAt(request.fetchPerS, { beat: () => void this.#read(), skip: () => {} });
  }

  /** Continues with appends in another way. Open calls run to their end. */
  pace(to: Pace): void {
    this.#stopAppends();
    if ("inFlight" in to) {
      this.#processesMax = Math.max(this.#processesMax, this.#processes + to.inFlight);
      this.#stopAppends = this.#appendBehind(to.inFlight);
    } else {
      this.#processesMax = Math.max(this.#processesMax, this.#processesFor(to.appendPerS));
      this.#stopAppends = this.#appendAt(to.appendPerS);
    }
  }

  /** As many as can be open when every call runs into its timeout, and a few more for late timers. */
  #processesFor(appendPerS: number): number {
    return Math.ceil((appendPerS * this.#request.callTimeoutMs * 1.2) / 1000) + 4;
  }

  #appendAt(perS: number): () => void {
    const skip = (count: number) => void (this.#log.totals.skipped += count);
    return beatAt(perS, { beat: () => void this.#append(), skip });
  }

  /** Keeps `count` calls in flight. Pauses after a failure, or failing calls would take all the CPU. */
  #appendBehind(count: number): () => void {
    let isOver = false;
    const loop = async (): Promise<void> => {
      while (!isOver) if (!(await this.#append())) await delay(failedPauseMs);
    };
    for (let place = 0; place < count; place += 1) void loop();
    return () => void (isOver = true);
  }

  /** Starts no more calls, waits for open ones (each has its timeout), and returns the totals. */
  async stop(): Promise<LoadTotals> {
    this.#stopAppends();
    this.#stopReads();
    const deadlineNs = nowNs() + (this.#request.callTimeoutMs + 500) * 1e6;
    while (this.#log.openCount > 0 && nowNs() < deadlineNs) await new Promise((resolve) => setTimeout(resolve, 20));
    this.#dialer.close();
    this.#log.endAll(outcomeNamed("call-timeout"));
    const { totals, acknowledged } = this.#log;
    return this.#request.isQuiet ? { ...totals, acknowledged: stretchesOf(acknowledged) } : totals;
  }

  /** Calls answered with OK so far. */
  get ok(): number {
    return this.#log.totals.ok;
  }

  /** Returns true when it was acknowledged. */
  async #append(): Promise<boolean> {
    const process = this.#free.pop() ?? (this.#processes < this.#processesMax ? this.#newProcess() : undefined);
    if (process === undefined) {
      this.#log.totals.skipped += 1;
      return false;
    }
    // A quiet load is checked by operation numbers, so each operation must carry a fact of its own.
    const fact = (this.#request.isQuiet ? undefined : this.#repeats.next()) ?? this.#newFact();
    const { messageId, digest, message } = fact;
    const operation = this.#log.begin(process, "append", { messageId, digest });
    try {
      const { outcome } = await this.#call({ operation, method: append, message }, (reply) => {
        this.#startOffset ??= Number(reply.offset);
        return { offset: Number(reply.offset) };
      });
      this.#repeats.ended(fact, outcome.type);
      return outcome.type === "ok";
    } finally {
      this.#free.push(process);
    }
  }

  #newFact(): SentFact {
    const { zoneId, toZone, seed, name } = this.#request;
    const fact = factNumber(this.#log.nextOp, { seed, name });
    const { messageId, digest, subject, predicate, objectJson } = fact;
    const message = create(bsfg.AppendFactRequestSchema, {
      envelope: { messageId, fromZone: zoneId, toZone, producedAtUnixMs: BigInt(wallMs()) },
      fact: { subject, predicate, objectJson },
    });
    return { messageId, digest, message };
  }

  /** Reads and confirms one page. Skips a beat while the previous page is under way. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const consumerName = `${this.#request.name}-reader`;
    try {
      if (this.#hasStarted) await this.#readPage(consumerName);
      else if (this.#startOffset !== undefined) this.#hasStarted = await this.#confirm(consumerName, this.#startOffset);
    } finally {
      this.#isReading = false;
    }
  }

  async #readPage(consumerName: string): Promise<void> {
    const { message: fetched } = await this.#call(
      {
        operation: this.#log.begin(consumerName, "fetch", {}),
        method: fetchPage,
        message: create(bsfg.FetchFactsRequestSchema, { consumerName, limit: pageLimit }),
      },
      ({ facts }) => pageOf(facts),
    );
    const last = fetched?.facts.at(-1);
    if (last) await this.#confirm(consumerName, Number(last.offset));
  }

  /** Returns true when it was acknowledged. */
  async #confirm(consumerName: string, offset: number): Promise<boolean> {
    const { outcome } = await this.#call(
      {
        operation: this.#log.begin(consumerName, "confirm", { offset }),
        method: confirm,
        message: create(bsfg.ConfirmReceiptRequestSchema, { consumerName, offset: BigInt(offset) }),
      },
      (reply) => ({ offset: Number(reply.offset) }),
    );
    return outcome.type === "ok";
  }

  /** Makes the call and records its end. */
  async #call<I extends DescMessage, O extends DescMessage>(
    call: Call<I, O>,
    details: (reply: MessageShape<O>) => Details,
  ): Promise<Reply<MessageShape<O>>> {
    const { operation, method, message } = call;
    const { session } = this.#dialer;
    if (!session) {
      const outcome = outcomeNamed("not-connected");
      this.#log.end(operation, outcome);
      return { outcome };
    }
    const sentNs = nowNs();
    const reply: Reply<MessageShape<O>> = await callUnary(session, method, {
      message,
      timeoutMs: this.#request.callTimeoutMs,
    });
    this.#end(operation, reply.outcome, {
      ...this.#answeredBy(session),
      ...(reply.message ? details(reply.message) : {}),
    });
    // The server sent nothing since this call was sent: it is paused or gone.
    if (isTimeout(reply.outcome) && session.heardNs < sentNs) this.#dialer.drop(session);
    return reply;
  }

  #end(operation: Operation, outcome: Outcome, details: Details): void {
    if (outcome.type === "ok") this.#log.end(operation, outcome, details);
    else this.#log.end(operation, outcome, wasAnswered(outcome) && details.node ? { node: details.node } : {});
  }

  #answeredBy(session: Session): { node?: NodeName } {
    const node = this.#nodes.get(session.fingerprint);
    return node ? { node } : {};
  }

  #newProcess(): string {
    const process = `${this.#request.name}-${this.#processes}`;
    this.#processes += 1;
    return process;
  }
}

/** A page as answered: its facts in order, with a digest each. */
function pageOf(facts: readonly bsfg.StoredFact[]): Details {
  const page = facts.map(({ offset, fact }) => ({
    offset: Number(offset),
    digest: digestOf(fact?.subject ?? "", fact?.predicate ?? "", fact?.objectJson ?? ""),
  }));
  const last = page.at(-1);
  return { count: page.length, page, ...(last ? { offset: last.offset } : {}) };
}

function isTimeout(outcome: Outcome): boolean {
  return outcome.type !== "ok" && outcome.error === "call-timeout";
}

/** An RPC code is an answer too, so the node that gave it is recorded. */
function wasAnswered(outcome: Outcome): boolean {
  return outcome.type !== "ok" && outcome.error.startsWith("rpc-");
}

/** @throws when `target` is not host:port. */
export function splitTarget(target: string): { host: string; port: number } {
  const at = target.lastIndexOf(":");
  const port = Number(target.slice(at + 1));
  if (at <= 0 || !Number.isInteger(port) || port <= 0 || port > 65_535) throw new Error(`not host:port: ${target}`);
  return { host: target.slice(0, at).replace(/^\[|\]$/g, ""), port };
}
