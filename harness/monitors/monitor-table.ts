// The monitors of a zone. The table keeps one state per monitor and says what changed. It takes events of the observer,
// samples of the agent, and the passing of time. Pure.
//
// The expected active node (MON-1) is the one the table starts with, alpha after a cold start. Without one it is the
// first that serves. When the VIP leaves that node, MON-1 is red until there is a new expected node: one that held the
// VIP alone, listened on it and answered Health for `settleMs` without a break. A move by an operator counts too.

import { defined } from "#base/defined.ts";
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
import { monitorRules } from "./registry.ts";
import { gone, type Judgement, type MonitorRule } from "./rule.ts";
import { isStray, servingNode, type ZoneState } from "./zone-state.ts";

export interface MonitorTableOptions {
  vip: string;
  rpcPort: number;
  minDays: number;
  expected?: NodeName;
  /** False unless given. */
  hasPeer?: boolean;
  limits?: Partial<MonitorLimits>;
}

export interface MonitorReading {
  state: MonitorState;
  why: string;
  /** Since when it has this state. */
  sinceNs: number;
}

/** What made the table judge. */
type Cause = "observer" | "sample" | "time";

/** Roles that keepalived reports. INIT is not a role. */
const roles = new Set(["MASTER", "BACKUP", "FAULT", "STOP"]);
const transitionsMax = 200;

export class MonitorTable {
  /** Its monitors. */
  readonly names: readonly MonitorName[];
  readonly #zone: ZoneState;
  readonly #readings = new Map<MonitorName, MonitorReading>();
  /** Samples in a row that were not green, for the monitors that need agreement. */
  readonly #notGreen = new Map<MonitorName, number>();
  #serving: { node: NodeName; sinceNs: number } | undefined;
  #failovers: { node: NodeName; t: number }[] = [];

  constructor(options: MonitorTableOptions) {
    this.#zone = {
      t: 0,
      vip: options.vip,
      rpcPort: options.rpcPort,
      minDays: options.minDays,
      limits: { ...defaultMonitorLimits, ...options.limits },
      nodes: {},
      observedNs: 0,
      sample: undefined,
      exchange: undefined,
      expected: options.expected,
      transitions: { kernel: [], reported: [] },
      straySinceNs: {},
    };
    this.names = monitorsOf({ hasPeer: options.hasPeer === true });
    for (const name of this.names) this.#readings.set(name, { ...gone("no evidence yet"), sinceNs: 0 });
  }

  get expected(): NodeName | undefined {
    return this.#zone.expected;
  }

  /** The node that alone holds the VIP and listens on it. */
  get serving(): NodeName | undefined {
    return this.#serving?.node;
  }

  reading(name: MonitorName): MonitorReading {
    return this.#readings.get(name)!;
  }

  /** The last time that another node became the expected one. */
  get lastFailover(): { node: NodeName; t: number } | undefined {
    return this.#failovers.at(-1);
  }

  /** What the last judgement is based on. */
  get zone(): Readonly<ZoneState> {
    return this.#zone;
  }

  /** Takes an event of the observer. @returns the changes. */
  observe(event: ObservedEvent | LookEvent): MonitorEvent[] {
    this.#zone.observedNs = Math.max(this.#zone.observedNs, event.t);
    if (event.type === "observed") {
      this.#count(this.#zone.nodes[event.node], event);
      this.#zone.nodes[event.node] = event;
    }
    return this.#judge(event.t, "observer");
  }

  /** Takes a sample of the agent. @returns the changes. */
  take(sample: MonitorSample): MonitorEvent[] {
    this.#zone.sample = sample;
    const { lagMs, facts } = sample.exchange ?? {};
    if (lagMs !== undefined) this.#zone.exchange = { t: sample.t, lagMs, ...defined({ facts }) };
    return this.#judge(sample.t, "sample");
  }

  /** Takes note that time has passed without evidence. @returns the changes. */
  passTime(t: number): MonitorEvent[] {
    return this.#judge(t, "time");
  }

  #count(before: ObservedEvent | undefined, now: ObservedEvent): void {
    if (!before) return;
    const { kernel, reported } = this.#zone.transitions;
    if (before.ownsVip !== now.ownsVip) kernel.push(now.t);
    const isRole = (role: string | undefined) => role !== undefined && roles.has(role);
    if (before.role !== now.role && isRole(now.role)) reported.push(now.t);
    for (const stamps of [kernel, reported]) if (stamps.length > transitionsMax) stamps.shift();
  }

  #judge(t: number, by: Cause): MonitorEvent[] {
    this.#zone.t = Math.max(this.#zone.t, t);
    this.#followServing();
    this.#followStray();
    const changed: MonitorEvent[] = [];
    for (const name of this.names) {
      const judgement = this.#judgementOf(name, by);
      if (!judgement) continue;
      const before = this.#readings.get(name)!;
      const isSame = before.state === judgement.state;
      this.#readings.set(name, { ...judgement, sinceNs: isSame ? before.sinceNs : this.#zone.t });
      if (!isSame) changed.push({ t: this.#zone.t, type: "monitor", monitor: name, ...judgement });
    }
    return changed;
  }

  /** Undefined: the state stays. */
  #judgementOf(name: MonitorName, by: Cause): Judgement | undefined {
    const { judge, reads, needsAgreement } = monitorRules[name];
    const silent = this.#silenceOf(reads);
    if (silent) return gone(silent);
    if (reads === "sample" && by !== "sample") return undefined;
    const judgement = judge(this.#zone);
    if (!needsAgreement) return judgement;
    if (judgement.state === "green") this.#notGreen.set(name, 0);
    else if (by === "sample") this.#notGreen.set(name, (this.#notGreen.get(name) ?? 0) + 1);
    const isAgreed = judgement.state === "green" || this.#notGreen.get(name)! >= this.#zone.limits.agreeingSamples;
    // Agreement is needed only to leave green, and never for "gone".
    return isAgreed || judgement.state === "gone" || this.reading(name).state !== "green" ? judgement : undefined;
  }

  #silenceOf(reads: MonitorRule["reads"]): string | undefined {
    const { t, observedNs, sample, limits } = this.#zone;
    const limitNs = limits.silentMs * 1e6;
    if (reads !== "sample" && t - observedNs > limitNs) return "the observer is silent";
    if (reads !== "observer" && (!sample || t - sample.t > limitNs)) return "no sample arrives";
    return undefined;
  }

  #followServing(): void {
    const { t, limits, sample } = this.#zone;
    const node = servingNode(this.#zone);
    if (node !== this.#serving?.node) this.#serving = node === undefined ? undefined : { node, sinceNs: t };
    if (!this.#serving || this.#serving.node === this.expected) return;
    const hasAnswered = sample?.health.node === this.#serving.node && sample.health.error === undefined;
    if (this.expected === undefined) {
      if (hasAnswered) this.#zone.expected = this.#serving.node;
    } else if (hasAnswered && t - this.#serving.sinceNs >= limits.settleMs * 1e6) {
      this.#zone.expected = this.#serving.node;
      this.#failovers.push({ node: this.#serving.node, t: this.#serving.sinceNs });
      if (this.#failovers.length > transitionsMax) this.#failovers.shift();
    }
  }

  #followStray(): void {
    const { straySinceNs, t } = this.#zone;
    for (const name of nodeNames)
      if (!isStray(this.#zone, name)) delete straySinceNs[name];
      else straySinceNs[name] ??= t;
  }
}
