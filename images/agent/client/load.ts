// The load: appends at a rate, some of them repeated, and consumers that fetch pages and confirm them. Open loop: calls
// start at the rate with or without a connection. Without one they fail at once, because nothing was sent.

import { create } from "@bufbuild/protobuf";
import { delay, nowNs, wallMs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { OperationEvent } from "#history/event.ts";
import type { Drained, LoadRequest, LoadTotals, Pace } from "#protocol/commands/client.ts";
import { outcomeNamed } from "#protocol/outcome.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";
import { digestOf, type FactMessage, factNumber, withOtherPayload } from "../facts/fact.ts";
import { stretchesOf } from "../facts/stretches.ts";
import { Caller } from "./caller.ts";
import { OperationLog } from "./operation-log.ts";
import { beatAt } from "./pace.ts";
import { habitOf, PageReader } from "./page-reader.ts";
import { type Repeat, Repeats } from "./repeats.ts";

const append = { name: "AppendFact", input: bsfg.AppendFactRequestSchema, output: bsfg.AppendFactResponseSchema };

/** Pause after a failed call of a load that keeps a number of calls in flight. */
const failedPauseMs = 50;

/** A repeat sends the same message. */
interface SentFact {
  messageId: string;
  digest: string;
  message: FactMessage;
  /** The answer, once there is one. */
  offset?: number;
}

/** Facts that earlier loads of the zone had acknowledged. */
export type Remembered = Repeats<SentFact>["remembered"];

export class Load {
  readonly #request: LoadRequest;
  readonly #log: OperationLog;
  readonly #caller: Caller;
  readonly #readers: PageReader[];
  readonly #free: string[] = [];
  #processesMax: number;
  #processes = 0;
  readonly #repeats: Repeats<SentFact>;
  /** The highest offset that was acknowledged. */
  #lastOffset = 0;
  #others = 0;
  #turn = 0;
  #stopReads: () => void;
  #stopAppends: () => void;

  constructor(request: LoadRequest, emit: (event: OperationEvent) => void, before: Remembered = []) {
    this.#request = request;
    this.#log = new OperationLog(request.firstOp, request.isQuiet ? undefined : emit);
    this.#processesMax = this.#processesFor(request.appendPerS);
    this.#caller = new Caller(request, this.#log);
    this.#repeats = new Repeats(request.repeatMaxMs, before);
    const { consumers = [], pageLimit = 0, pagesPerS = 0, isSample = false, cursors = {} } = request.reading ?? {};
    this.#readers = consumers.map((consumerName, place) => {
      const cursor = cursors[consumerName] ?? 0;
      return new PageReader(this.#caller, this.#log, {
        consumerName,
        pageLimit,
        isSample,
        cursor,
        habit: habitOf(place),
      });
    });
    this.#stopAppends = this.#appendAt(request.appendPerS);
    this.#stopReads = beatAt(pagesPerS, { beat: () => this.#readNext(), skip: () => {} });
  }

  /** For the next load of the same zone. */
  get remembered(): Remembered {
    return this.#repeats.remembered;
  }

  #readNext(): void {
    this.#turn += 1;
    void this.#readers[this.#turn % this.#readers.length]?.read();
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
  async stop({ keepsOpen }: { keepsOpen?: true } = {}): Promise<LoadTotals> {
    this.#stopAppends();
    this.#stopReads();
    const deadlineNs = nowNs() + (this.#request.callTimeoutMs + 500) * 1e6;
    while (this.#log.openCount > 0 && nowNs() < deadlineNs) await new Promise((resolve) => setTimeout(resolve, 20));
    this.#log.endAll(outcomeNamed("call-timeout"));
    if (!keepsOpen) this.close();
    const { totals, acknowledged } = this.#log;
    return this.#request.isQuiet ? { ...totals, acknowledged: stretchesOf(acknowledged) } : { ...totals };
  }

  /** After `stop`: every consumer reads what was acknowledged and is not yet confirmed. */
  async drain(deadlineMs: number): Promise<Drained> {
    const before = { ...this.#log.totals };
    const untilNs = nowNs() + deadlineMs * 1e6;
    const readers = await Promise.all(this.#readers.map((one) => one.drain(this.#lastOffset, untilNs)));
    this.close();
    const totals = { ...this.#log.totals };
    for (const name of ["invoked", "ok", "fail", "info", "skipped"] as const) totals[name] -= before[name];
    return { readers, totals };
  }

  close(): void {
    this.#caller.close();
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
    const repeat = this.#request.isQuiet ? undefined : this.#repeats.next(nowMs());
    const fact = repeat ? this.#asSent(repeat) : this.#newFact();
    const { messageId, digest, message } = fact;
    const firstOffset = repeat?.wasBefore ? repeat.fact.offset : undefined;
    const isOther = repeat?.isOther || undefined;
    const operation = this.#log.begin(process, "append", { messageId, digest, ...defined({ firstOffset, isOther }) });
    try {
      const { outcome } = await this.#caller.call({ operation, method: append, message }, (reply) =>
        this.#answered(fact, Number(reply.offset), repeat),
      );
      if (!repeat?.isOther && !repeat?.wasBefore) this.#repeats.ended(fact, outcome.type, nowMs());
      return outcome.type === "ok";
    } finally {
      this.#free.push(process);
    }
  }

  #answered(fact: SentFact, offset: number, repeat: Repeat<SentFact> | undefined): { offset: number } {
    fact.offset ??= offset;
    if (repeat?.wasBefore) return { offset };
    this.#lastOffset = Math.max(this.#lastOffset, offset);
    for (const reader of this.#readers) reader.startAt(offset);
    return { offset };
  }

  #asSent({ fact, isOther }: Repeat<SentFact>): SentFact {
    if (!isOther) return fact;
    this.#others += 1;
    const message = withOtherPayload(fact.message, this.#others);
    return { messageId: fact.messageId, digest: digestOf(message), message };
  }

  #newFact(): SentFact {
    const { zoneId, toZone, seed, name } = this.#request;
    const fact = factNumber(this.#log.nextOp, { seed, name });
    const { messageId, subject, predicate, objectJson } = fact;
    const message = create(bsfg.AppendFactRequestSchema, {
      envelope: { messageId, fromZone: zoneId, toZone, producedAtUnixMs: BigInt(wallMs()) },
      fact: { subject, predicate, objectJson },
    });
    return { messageId, digest: digestOf(message), message };
  }

  #newProcess(): string {
    const process = `${this.#request.name}-${this.#processes}`;
    this.#processes += 1;
    return process;
  }
}

/** Monotonic. */
function nowMs(): number {
  return nowNs() / 1e6;
}
