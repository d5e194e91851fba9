// A long history of a zone that behaves: overlapping calls of many clients, time-outs, repeated facts, a reader that
// confirms what it read, and the stream read back. It makes the events one by one in order of time, so its length costs
// no memory. For benches and tests of scale.

import {
  type HistoryEvent,
  historyFormat,
  type HistoryHeader,
  type ObservedEvent,
  type OperationEvent,
} from "#history/event.ts";
import { packedPage } from "#history/page.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";

export interface LongHistory {
  /** Calls of every kind, invocations and outcomes counted once. */
  operations: number;
  seed: number;
  perS?: number;
}

const loadS = 10.5;
const pageLimit = 10;
const latencyMostNs = 20e6;
/** One call in so many repeats an acknowledged fact, times out, fails, or reads a page. */
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
  return { header, events: merged({ ...options, perS }, frameOf(endS), endS) };
}

const vip = "198.18.0.10";
const rpcPort = 9443;

const header: HistoryHeader = {
  format: historyFormat,
  suite: "bench",
  scenario: "long",
  repeat: 1,
  seed: 1,
  entries: ["DUAL-0", "DUR-6"],
  plannedFaults: [],
  zone: {
    vip,
    rpcPort,
    nodes: {
      alpha: { zoneAddress: "198.18.0.11" },
      beta: { zoneAddress: "198.18.0.12" },
      gamma: { zoneAddress: "198.18.0.13" },
    },
    spec: { ...defaultZoneSpec },
  },
  bounds: { failoverMinS: 5, failoverMaxS: 30, loadFloorPerS: 2, observerGapMaxMs: 10, outageMaxMs: 15_000 },
};

/** Stamps are as large as those of a machine that has been up for a day. */
function atNs(s: number): number {
  return 86_400e9 + Math.round(s * 1e9);
}

/** Everything but the calls: the zone starts, alpha is promoted, the load begins and stops, and the observer looks. */
function frameOf(endS: number): HistoryEvent[] {
  const idle = { isAlive: true, ownsVip: false, listens: [], isFrozen: false };
  const observed = (s: number, node: NodeName, state: Partial<ObservedEvent>): ObservedEvent => ({
    t: atNs(s),
    type: "observed",
    node,
    sinceNs: atNs(s - 0.004),
    ...idle,
    ...state,
  });
  const owner = { ownsVip: true, role: "MASTER" };
  const controller = { pid: 42, startedNs: atNs(3.6) };
  const events: HistoryEvent[] = [
    { t: atNs(0), type: "mark", mark: "zone-created" },
    ...nodeNames.map((node) => observed(0.5, node, node === "gamma" ? {} : { role: "BACKUP" })),
    observed(1.5, "alpha", owner),
    observed(3.8, "alpha", { ...owner, listens: [`${vip}:${rpcPort}`], controller }),
    { t: atNs(5), type: "mark", mark: "zone-ready" },
    { t: atNs(6), type: "mark", mark: "load-started" },
    { t: atNs(10), type: "mark", mark: "steady" },
    { t: atNs(endS), type: "mark", mark: "load-stopped" },
  ];
  for (let s = 1; s <= endS; s += 1) events.push({ t: atNs(s), type: "looks", looks: 240, gapMaxNs: 5e6, cpuNs: 2e7 });
  return events.sort((a, b) => a.t - b.t);
}

/** The frame and the calls in order of time, then the stream read back. */
function* merged(
  options: Required<LongHistory>,
  frame: readonly HistoryEvent[],
  endS: number,
): Generator<HistoryEvent> {
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
  /** The time of the current act. */
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
      // Half of the calls that time out are stored.
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

  /** Alternates between a page and the confirmation of the last one. */
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
      return this.#end(call, "ok", {
        page: packedPage(page),
        count: page.length,
        ...(last ? { offset: last.offset } : {}),
        node,
      });
    });
    return call;
  }

  /** Later acts in order of time. Few wait at once, so the search starts at the end. */
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

  /** In [0, 1), from the seed and the number of earlier draws. */
  #draw(): number {
    this.#draws += 1;
    return mixed(this.#seed, this.#draws) / 2 ** 32;
  }

  /** 64 hex digits, the length of a SHA-256. */
  #digestOf(op: number): string {
    let digest = "";
    for (let word = 0; word < 8; word += 1) digest += mixed(op, word).toString(16).padStart(8, "0");
    return digest;
  }
}

/** A 32-bit number computed from two others that looks random. */
function mixed(a: number, b: number): number {
  let x = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
