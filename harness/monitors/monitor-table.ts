// The monitors of a zone. It folds what it is told (the observer's events, the looks of the agent's monitor role,
// time) into one state a monitor and says what changed. Pure: it asks nobody and reads no clock.
//
// The expected active node (MON-1) is the one the table begins with (alpha after a cold start), or, where it begins with
// none, the first that serves. From the moment the VIP leaves it the monitor is red, until another node has held the
// VIP alone, listened on it and answered Health for `settleMs` on end: that node is the expected one from then on. An
// operator who moves the service back goes the same way.

import type { LookEvent, MonitorEvent, ObservedEvent } from "#history/event.ts";
import {
  defaultMonitorLimits,
  type MonitorLimits,
  type MonitorName,
  monitorsOf,
  type MonitorState,
} from "#spec/monitor.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { MonitorSample } from "#protocol/commands/monitor.ts";
import { type Facts, gone, type Judgement, servingNode } from "./facts.ts";
import { boundToVipOnly, churn, isStray, noStrayController, vipPlace } from "./roles.ts";
import { jetstreamHealth, quorumConfirmed, votersVisible } from "./servers.ts";
import { certificates, health, peerKeepsUp, storage } from "./service.ts";

export interface BoardOptions {
  vip: string;
  rpcPort: number;
  minDays: number;
  expected?: NodeName;
  /** The zone has a peer; false unless given. */
  hasPeer?: boolean;
  limits?: Partial<MonitorLimits>;
}

export interface MonitorReading {
  state: MonitorState;
  why: string;
  /** Since when it has this state. */
  sinceNs: number;
}

interface Row {
  judge: (facts: Facts) => Judgement;
  /** Whose word it rests on: when that falls silent, nothing tells. */
  from: "observer" | "look" | "both";
  /** An answer that was slow once is not an alarm. */
  isPatient?: true;
}

const rows: Record<MonitorName, Row> = {
  "MON-1": { judge: vipPlace, from: "observer" },
  "MON-2": { judge: churn, from: "observer" },
  "MON-3": { judge: health, from: "look", isPatient: true },
  "MON-4": { judge: boundToVipOnly, from: "observer" },
  "MON-5": { judge: noStrayController, from: "both" },
  "MON-6": { judge: jetstreamHealth, from: "both", isPatient: true },
  "MON-7": { judge: votersVisible, from: "both", isPatient: true },
  "MON-8": { judge: quorumConfirmed, from: "both", isPatient: true },
  "MON-9": { judge: storage, from: "both", isPatient: true },
  "MON-10": { judge: certificates, from: "both" },
  "MON-11": { judge: peerKeepsUp, from: "look" },
};

/** Words of keepalived that are roles; INIT is the time before the first. */
const roleWords = new Set(["MASTER", "BACKUP", "FAULT", "STOP"]);
const transitionsMax = 200;

export class MonitorTable {
  /** The monitors that it has. */
  readonly names: readonly MonitorName[];
  readonly #facts: Facts;
  readonly #readings = new Map<MonitorName, MonitorReading>();
  /** Looks in a row that were not green, for the patient ones. */
  readonly #notGreen = new Map<MonitorName, number>();
  #serving: { node: NodeName; sinceNs: number } | undefined;
  #failovers: { node: NodeName; t: number }[] = [];

  constructor(options: BoardOptions) {
    this.#facts = {
      t: 0,
      vip: options.vip,
      rpcPort: options.rpcPort,
      minDays: options.minDays,
      limits: { ...defaultMonitorLimits, ...options.limits },
      nodes: {},
      observedNs: 0,
      look: undefined,
      exchange: undefined,
      expected: options.expected,
      transitions: { kernel: [], word: [] },
      straySinceNs: {},
    };
    this.names = monitorsOf({ hasPeer: options.hasPeer === true });
    for (const name of this.names) this.#readings.set(name, { ...gone("nothing has told yet"), sinceNs: 0 });
  }

  get expected(): NodeName | undefined {
    return this.#facts.expected;
  }

  /** Holds the VIP alone and listens on it. */
  get serving(): NodeName | undefined {
    return this.#serving?.node;
  }

  reading(name: MonitorName): MonitorReading {
    return this.#readings.get(name)!;
  }

  /** The last time another node became the expected one. */
  get lastFailover(): { node: NodeName; t: number } | undefined {
    return this.#failovers.at(-1);
  }

  /** The facts that the last judgement rested on, for who shows them. */
  get facts(): Readonly<Facts> {
    return this.#facts;
  }

  /** An event of the observer. @returns the monitors that changed. */
  observe(event: ObservedEvent | LookEvent): MonitorEvent[] {
    this.#facts.observedNs = Math.max(this.#facts.observedNs, event.t);
    if (event.type === "observed") {
      this.#count(this.#facts.nodes[event.node], event);
      this.#facts.nodes[event.node] = event;
    }
    return this.#judge(event.t, "observer");
  }

  /** A look of the agent's monitor role. @returns the monitors that changed. */
  look(look: MonitorSample): MonitorEvent[] {
    this.#facts.look = look;
    const { lagMs, facts } = look.exchange ?? {};
    if (lagMs !== undefined) this.#facts.exchange = { t: look.t, lagMs, ...(facts === undefined ? {} : { facts }) };
    return this.#judge(look.t, "look");
  }

  /** Time has passed and nothing was told. @returns the monitors that changed. */
  pass(t: number): MonitorEvent[] {
    return this.#judge(t, "time");
  }

  #count(before: ObservedEvent | undefined, now: ObservedEvent): void {
    if (!before) return;
    const { kernel, word } = this.#facts.transitions;
    if (before.ownsVip !== now.ownsVip) kernel.push(now.t);
    const isRole = (role: string | undefined) => role !== undefined && roleWords.has(role);
    if (before.role !== now.role && isRole(now.role)) word.push(now.t);
    for (const stamps of [kernel, word]) if (stamps.length > transitionsMax) stamps.shift();
  }

  #judge(t: number, by: "observer" | "look" | "time"): MonitorEvent[] {
    this.#facts.t = Math.max(this.#facts.t, t);
    this.#followServing();
    this.#followStray();
    const changed: MonitorEvent[] = [];
    for (const name of this.names) {
      const judgement = this.#judgementOf(name, by);
      if (!judgement) continue;
      const before = this.#readings.get(name)!;
      const isSame = before.state === judgement.state;
      this.#readings.set(name, { ...judgement, sinceNs: isSame ? before.sinceNs : this.#facts.t });
      if (!isSame) changed.push({ t: this.#facts.t, type: "monitor", monitor: name, ...judgement });
    }
    return changed;
  }

  /** Undefined: stays as it is. */
  #judgementOf(name: MonitorName, by: "observer" | "look" | "time"): Judgement | undefined {
    const { judge, from, isPatient } = rows[name];
    const silent = this.#silenceOf(from);
    if (silent) return gone(silent);
    if (from === "look" && by !== "look") return undefined;
    const judgement = judge(this.#facts);
    if (!isPatient) return judgement;
    if (judgement.state === "green") this.#notGreen.set(name, 0);
    else if (by === "look") this.#notGreen.set(name, (this.#notGreen.get(name) ?? 0) + 1);
    const isTold = judgement.state === "green" || this.#notGreen.get(name)! >= this.#facts.limits.agreeingSamples;
    // What nobody can look at needs no second look; and what was not green before is told as it is.
    return isTold || judgement.state === "gone" || this.reading(name).state !== "green" ? judgement : undefined;
  }

  #silenceOf(from: Row["from"]): string | undefined {
    const { t, observedNs, look, limits } = this.#facts;
    const limitNs = limits.silentMs * 1e6;
    if (from !== "look" && t - observedNs > limitNs) return `the observer tells nothing`;
    if (from !== "observer" && (!look || t - look.t > limitNs)) return "nobody looks";
    return undefined;
  }

  #followServing(): void {
    const { t, limits, look } = this.#facts;
    const node = servingNode(this.#facts);
    if (node !== this.#serving?.node) this.#serving = node === undefined ? undefined : { node, sinceNs: t };
    if (!this.#serving || this.#serving.node === this.expected) return;
    const hasAnswered = look?.health.node === this.#serving.node && look.health.error === undefined;
    if (this.expected === undefined) {
      if (hasAnswered) this.#facts.expected = this.#serving.node;
    } else if (hasAnswered && t - this.#serving.sinceNs >= limits.settleMs * 1e6) {
      this.#facts.expected = this.#serving.node;
      this.#failovers.push({ node: this.#serving.node, t: this.#serving.sinceNs });
      if (this.#failovers.length > transitionsMax) this.#failovers.shift();
    }
  }

  #followStray(): void {
    const { straySinceNs, t } = this.#facts;
    for (const name of nodeNames)
      if (!isStray(this.#facts, name)) delete straySinceNs[name];
      else straySinceNs[name] ??= t;
  }
}
