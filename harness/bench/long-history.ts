// A long history of a zone that behaves: calls of many clients that overlap, time-outs, facts sent again, a reader that
// confirms what it read, and the stream read back. Made event by event in order of time, so that its length costs no
// memory. For benches and tests of scale; the corpus proper is made by stories.ts.

import type { HistoryEvent, HistoryHeader, OperationEvent } from "#history/event.ts";
import { atNs, HistoryBuilder } from "#corpus/builder.ts";
import { opening } from "#corpus/stories.ts";

export interface LongHistory {
  /** Calls of every kind, invocations and outcomes counted once. */
  operations: number;
  seed: number;
  perS?: number;
}

const loadS = 10.5;
const pageLimit = 10;
const latencyMostNs = 20e6;
/** Every so many calls: one that repeats an acknowledged fact, one that times out, one that fails, one page. */
const [repeatEvery, infoEvery, failEvery, pageEvery] = [20, 97, 89, 50];

interface Fact {
  messageId: string;
  digest: string;
  offset: number;
}

type Call = OperationEvent & { type: "invoke" };
type Later = { t: number; act: () => HistoryEvent | undefined };

/** Header and events; the events can be walked once. */
export function longHistory(options: LongHistory): { header: HistoryHeader; events: Generator<HistoryEvent> } {
  const perS = options.perS ?? 10_000;
  const endS = Math.ceil(loadS + options.operations / perS + 1);
  const builder = new HistoryBuilder("long", ["DUAL-0", "DUR-6"]);
  opening(builder);
  builder.mark(endS, "load-stopped").looks(1, endS);
  const { header, events } = builder.build();
  return { header, events: told({ ...options, perS }, events, endS) };
}

function* told(options: Required<LongHistory>, frame: readonly HistoryEvent[], endS: number): Generator<HistoryEvent> {
  let next = 0;
  const zone = new Zone(options.seed);
  for (const event of zone.calls(options)) {
    while (next < frame.length && frame[next]!.t <= event.t) yield frame[next++]!;
    yield event;
  }
  yield* frame.slice(next);
  for (let place = 0; place < zone.stored.length; place += 1)
    yield { t: atNs(endS + 1) + place * 1_000, type: "stored", ...zone.stored[place]! };
  yield { t: atNs(endS + 2) + zone.stored.length * 1_000, type: "mark", mark: "audited" };
}

/** The clients and the stream behind them. */
class Zone {
  readonly stored: Fact[] = [];
  readonly #seed: number;
  readonly #later: Later[] = [];
  readonly #free: string[] = [];
  #processes = 0;
  #draws = 0;
  #cursor = 0;
  #isReading = false;
  /** Fetched and not yet confirmed. */
  #page: readonly Fact[] = [];
  /** Of the act that is carried out. */
  #nowNs = 0;
  #lastOk: Fact | undefined;

  constructor(seed: number) {
    this.#seed = seed;
  }

  *calls({ operations, perS }: Required<LongHistory>): Generator<HistoryEvent> {
    for (let op = 1; op <= operations; op += 1) {
      const t = atNs(loadS) + Math.floor((op * 1e9) / perS);
      yield* this.#until(t);
      yield this.#invoke(op, t);
    }
    yield* this.#until(Infinity);
  }

  *#until(t: number): Generator<HistoryEvent> {
    while (this.#later.length > 0 && this.#later[0]!.t < t) {
      const event = this.#later.shift()!.act();
      if (event) yield event;
    }
  }

  #invoke(op: number, t: number): HistoryEvent {
    if (op % pageEvery < 2 && !this.#isReading) return this.#read(op, t);
    const process = this.#free.pop() ?? `client-${this.#processes++}`;
    const repeated = op % repeatEvery === 0 ? this.#lastOk : undefined;
    const fact = repeated ?? { messageId: `${this.#seed}-client-${op}`, digest: this.#digestOf(op), offset: 0 };
    const { messageId, digest } = fact;
    const call: Call = { t, type: "invoke", op, process, f: "append", messageId, digest };
    const lasts = 1e6 + this.#draw() * latencyMostNs;
    const isTimedOut = op % infoEvery === 0;
    if (op % failEvery === 0) this.#at(t + lasts, () => this.#end(call, "fail", { error: "not-connected" }));
    else {
      // A call that times out is stored as often as not.
      if (!isTimedOut || op % 2 === 0) this.#at(t + lasts * this.#draw(), () => this.#store(fact));
      const end = () =>
        isTimedOut ? this.#end(call, "info", { error: "call-timeout" }) : this.#acknowledge(call, fact);
      this.#at(t + lasts, end);
    }
    return call;
  }

  #store(fact: Fact): undefined {
    if (fact.offset > 0) return;
    fact.offset = this.stored.length + 1;
    this.stored.push(fact);
  }

  #acknowledge(call: Call, fact: Fact): HistoryEvent {
    this.#lastOk = fact;
    return this.#end(call, "ok", { offset: fact.offset, node: "alpha" });
  }

  #end(call: Call, type: "ok" | "fail" | "info", more: Partial<OperationEvent>): HistoryEvent {
    if (call.process !== "client-reader") this.#free.push(call.process);
    else this.#isReading = false;
    return { ...call, t: this.#nowNs, type, ...more };
  }

  /** A page, or the confirmation of the last one, in turns. */
  #read(op: number, t: number): HistoryEvent {
    this.#isReading = true;
    const base = { t, type: "invoke" as const, op, process: "client-reader" };
    const node = "alpha";
    const endNs = t + 1e6 + this.#draw() * latencyMostNs;
    if (this.#page.length > 0) {
      const offset = this.#page.at(-1)!.offset;
      this.#page = [];
      this.#cursor = offset;
      const call: Call = { ...base, f: "confirm", offset };
      this.#at(endNs, () => this.#end(call, "ok", { offset, node }));
      return call;
    }
    const call: Call = { ...base, f: "fetch" };
    this.#at(endNs, () => {
      this.#page = this.stored.slice(this.#cursor, this.#cursor + pageLimit);
      const page = this.#page.map(({ offset, digest }) => ({ offset, digest }));
      const last = page.at(-1);
      return this.#end(call, "ok", { page, count: page.length, ...(last ? { offset: last.offset } : {}), node });
    });
    return call;
  }

  /** Later acts in order of time; few wait at once, so a place is found from the end. */
  #at(t: number, act: Later["act"]): void {
    const stamp = Math.floor(t);
    const isAfter = ({ t: other }: Later) => other <= stamp;
    const place = this.#later.findLastIndex(isAfter) + 1;
    this.#later.splice(place, 0, {
      t: stamp,
      act: () => {
        this.#nowNs = stamp;
        return act();
      },
    });
  }

  /** In [0, 1), by the seed and how many were drawn before. */
  #draw(): number {
    this.#draws += 1;
    return mixed(this.#seed, this.#draws) / 2 ** 32;
  }

  /** 64 hex digits, as a SHA-256 has. */
  #digestOf(op: number): string {
    let digest = "";
    for (let word = 0; word < 8; word += 1) digest += mixed(op, word).toString(16).padStart(8, "0");
    return digest;
  }
}

/** A number of 32 bits that follows from two others and looks like chance. */
function mixed(a: number, b: number): number {
  let x = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
