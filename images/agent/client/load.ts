// The load: appends at a rate, some of them repeated, and a reader that fetches pages and confirms them. Open loop:
// calls start at the rate with or without a connection. Without one they fail at once, because nothing was sent.

import { create, type MessageShape } from "@bufbuild/protobuf";
import { delay, nowNs, wallMs } from "#base/clock.ts";
import type { OperationEvent } from "#history/event.ts";
import type { LoadRequest, LoadTotals, Pace } from "#protocol/commands/client.ts";
import { outcomeNamed } from "#protocol/outcome.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";
import { factNumber } from "../facts/fact.ts";
import { stretchesOf } from "../facts/stretches.ts";
import { Caller } from "./caller.ts";
import { OperationLog } from "./operation-log.ts";
import { beatAt } from "./pace.ts";
import { PageReader } from "./page-reader.ts";
import { Repeats } from "./repeats.ts";

const append = { name: "AppendFact", input: bsfg.AppendFactRequestSchema, output: bsfg.AppendFactResponseSchema };

/** Pause after a failed call of a load that keeps a number of calls in flight. */
const failedPauseMs = 50;

/** A repeat sends the same message. */
interface SentFact {
  messageId: string;
  digest: string;
  message: MessageShape<typeof bsfg.AppendFactRequestSchema>;
}

export class Load {
  readonly #request: LoadRequest;
  readonly #log: OperationLog;
  readonly #caller: Caller;
  readonly #reader: PageReader;
  readonly #free: string[] = [];
  #processesMax: number;
  #processes = 0;
  readonly #repeats = new Repeats<SentFact>();
  #stopReads: () => void;
  #stopAppends: () => void;

  constructor(request: LoadRequest, emit: (event: OperationEvent) => void) {
    this.#request = request;
    this.#log = new OperationLog(request.firstOp, request.isQuiet ? undefined : emit);
    this.#processesMax = this.#processesFor(request.appendPerS);
    this.#caller = new Caller(request, this.#log);
    this.#reader = new PageReader(this.#caller, this.#log, `${request.name}-reader`);
    this.#stopAppends = this.#appendAt(request.appendPerS);
    this.#stopReads = beatAt(request.fetchPerS, { beat: () => void this.#reader.read(), skip: () => {} });
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
    this.#caller.close();
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
      const { outcome } = await this.#caller.call({ operation, method: append, message }, (reply) => {
        this.#reader.startAt(Number(reply.offset));
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

  #newProcess(): string {
    const process = `${this.#request.name}-${this.#processes}`;
    this.#processes += 1;
    return process;
  }
}
