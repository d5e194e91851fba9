// Writes invented histories for tests: a zone that behaves, told second by second, with a hand to bend it.
// Used by the corpus and its tests only; nothing of a run is made here.

import type { FaultEvent, History, HistoryEvent, HistoryHeader, MarkEvent, ObservedEvent } from "#history/event.ts";
import { historyFormat } from "#history/event.ts";
import { sortedByTime } from "#history/codec.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";

export const vip = "198.18.0.10";
const rpc = `${vip}:9443`;
/** Stamps are as large as those of a machine that has been up for a day. */
const originNs = 86_400e9;

/** Who answers whom from when to when, in seconds; outside every stretch calls time out. */
export interface Stretch {
  fromS: number;
  toS: number;
  node: NodeName;
}

export interface Window {
  fromS: number;
  toS: number;
  process?: string;
}

export interface FaultStory {
  fault: string;
  nodes: NodeName[];
  effectS: number;
  healS: number;
  /** As faults/certificate.ts knows it. */
  way?: string;
  /** As faults/process.ts knows it. */
  process?: string;
  /** More of what the plan says of it, e.g. the process that it is aimed at. */
  detail?: Record<string, unknown>;
}

/** Seconds since the start of the story as a stamp. */
export function atNs(s: number): number {
  return originNs + Math.round(s * 1e9);
}

export class HistoryBuilder {
  readonly header: HistoryHeader;
  events: HistoryEvent[] = [];
  #states = new Map<NodeName, Omit<ObservedEvent, "t" | "type" | "node" | "sinceNs">>();
  readonly #stored: { offset: number; messageId: string; digest: string }[] = [];
  #op = 0;
  #offset = 0;
  #fault = 0;

  constructor(scenario: string, entries: string[]) {
    const nodes = {
      alpha: { zoneAddress: "198.18.0.11" },
      beta: { zoneAddress: "198.18.0.12" },
      gamma: { zoneAddress: "198.18.0.13" },
    };
    this.header = {
      format: historyFormat,
      suite: "corpus",
      scenario,
      repeat: 1,
      seed: 1,
      entries,
      plannedFaults: [],
      zone: { vip, rpcPort: 9443, nodes, spec: { ...defaultZoneSpec } },
      // A corpus file is read by people: four calls a second instead of hundreds.
      bounds: { failoverMinS: 5, failoverMaxS: 30, loadFloorPerS: 2, observerGapMaxMs: 10, outageMaxMs: 15_000 },
    };
  }

  add(event: HistoryEvent): this {
    this.events.push(event);
    return this;
  }

  mark(s: number, mark: MarkEvent["mark"], detail?: Record<string, unknown>): this {
    return this.add({ t: atNs(s), type: "mark", mark, ...(detail ? { detail } : {}) });
  }

  /** A change of a node, seen 4 ms after the look before it. Must be called in order of time for each node. */
  observe(s: number, node: NodeName, change: Partial<ObservedEvent>): this {
    const before = this.#states.get(node) ?? { isAlive: true, ownsVip: false, listens: [], isFrozen: false };
    const { sinceNs = atNs(s - 0.004), startedNs, ...rest } = change;
    const state = { ...before, ...rest };
    this.#states.set(node, state);
    // Told with the first look only.
    const since = startedNs === undefined ? {} : { startedNs };
    return this.add({ t: atNs(s), type: "observed", node, sinceNs, ...state, ...since });
  }

  allUp(s: number): this {
    for (const node of nodeNames) this.observe(s, node, node === "gamma" ? {} : { role: "BACKUP" });
    return this;
  }

  promote(s: number, node: NodeName): this {
    const controller = { pid: 40 + Math.round(s), startedNs: atNs(s + 2.1) };
    this.observe(s, node, { ownsVip: true, role: "MASTER" });
    return this.observe(s + 2.3, node, { listens: [rpc], controller });
  }

  /** The node's processes are gone, or it gives the VIP up while it lives. */
  vanish(s: number, node: NodeName): this {
    return this.observe(s, node, { isAlive: false, ownsVip: false, listens: [], isFrozen: false });
  }

  demote(s: number, node: NodeName, role = "BACKUP"): this {
    return this.observe(s, node, { ownsVip: false, listens: [], role });
  }

  rejoin(s: number, node: NodeName): this {
    return this.observe(s, node, { isAlive: true, isFrozen: false, ...(node === "gamma" ? {} : { role: "BACKUP" }) });
  }

  fault(story: FaultStory): this {
    const { fault, nodes, effectS, healS } = story;
    this.#fault += 1;
    const id = this.#fault;
    const phase = (s: number, name: FaultEvent["phase"], proof?: string) =>
      this.add({ t: atNs(s), type: "fault", phase: name, fault, id, nodes, ...(proof ? { proof } : {}) });
    this.header.plannedFaults.push({ fault, nodes });
    const detail = { fault, way: story.way, process: story.process, ...story.detail };
    this.add({
      t: atNs(effectS - 0.06),
      type: "fault",
      phase: "intended",
      fault,
      id,
      nodes,
      ...(story.way || story.process || story.detail ? { detail } : {}),
    });
    phase(effectS - 0.05, "injecting");
    phase(effectS, "effective", "container exited 137");
    phase(healS - 0.05, "healing");
    phase(healS, "healed", "container running again");
    return this;
  }

  looks(fromS: number, toS: number): this {
    for (let s = fromS; s <= toS; s += 1)
      this.add({ t: atNs(s), type: "looks", looks: 240, gapMaxNs: 5e6, cpuNs: 2e7 });
    return this;
  }

  /** Appends, four a second, answered by whoever serves then; the others time out after one second. */
  load(window: Window, served: readonly Stretch[]): this {
    return this.loads([{ ...window, served }]);
  }

  /** Several clients at once: offsets follow the order of the calls, whoever made them. */
  loads(windows: readonly (Window & { served: readonly Stretch[] })[]): this {
    const calls = windows.flatMap(({ fromS, toS, process = "client", served }) =>
      Array.from({ length: Math.max(0, Math.ceil((toS - fromS) / 0.25)) }, (_, place) => {
        const s = fromS + place * 0.25;
        const node = served.find((one) => s >= one.fromS && s < one.toS)?.node;
        return { s, process: `${process}-${place % 8}`, node };
      }),
    );
    for (const call of calls.sort((a, b) => a.s - b.s)) this.append(call);
    return this;
  }

  append(call: { s: number; process: string; node: NodeName | undefined }): this {
    const { s, process, node } = call;
    const op = (this.#op += 1);
    const messageId = `m-${String(op).padStart(5, "0")}`;
    const digest = op.toString(16).padStart(8, "0");
    const base = { op, process, f: "append" as const };
    this.add({ t: atNs(s), type: "invoke", ...base, messageId, digest });
    if (!node) return this.add({ t: atNs(s + 1), type: "info", ...base, error: "deadline_exceeded" });
    this.#offset += 1;
    this.#stored.push({ offset: this.#offset, messageId, digest });
    return this.add({ t: atNs(s + 0.003), type: "ok", ...base, offset: this.#offset, node });
  }

  /** What was stored since that second is gone, and its offsets are given again. */
  forget(sinceS: number): this {
    const oks = this.events.filter((event) => event.type === "ok" && event.f === "append" && event.t >= atNs(sinceS));
    this.#stored.splice(this.#stored.length - oks.length, oks.length);
    this.#offset = this.#stored.at(-1)?.offset ?? 0;
    return this;
  }

  /** Reads the stream back whole and says so. */
  audit(s: number): this {
    for (const stored of this.#stored) this.add({ t: atNs(s), type: "stored", ...stored });
    return this.mark(s + 0.1, "audited");
  }

  streams(s: number): this {
    const replicas = ["alpha", "gamma"].map((name) => ({ name, isCurrent: true, lag: 0 }));
    const messages = this.#stored.length;
    return this.add({
      t: atNs(s),
      type: "stream",
      node: "gamma",
      stream: "facts_operational",
      leader: "beta",
      replicas,
      messages,
    });
  }

  build(): History & { events: HistoryEvent[] } {
    return { header: this.header, events: sortedByTime(this.events) };
  }
}
