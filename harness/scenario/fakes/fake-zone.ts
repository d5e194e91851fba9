// A zone without containers: its nodes change state at once, its agent answers from a table, and each change is an
// event as the observer and the client would send it. For unit tests.

import { every, nowNs } from "#base/clock.ts";
import type { HarnessError } from "#base/errors.ts";
import type { HistoryEvent } from "#history/event.ts";
import type { CommandName, ReplyOf, RequestOf } from "#protocol/commands.ts";
import type { TransferReply, TransferRequest } from "#protocol/transfer.ts";
import { isServiceNode, type NodeName, nodeNames, type ServiceNode } from "#spec/node.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedPeer, ZonePlan } from "#topology/plan.ts";
import { planZone } from "#topology/plan-zone.ts";
import type { TransferOptions } from "#zone/transfer.ts";
import type { StartedZone } from "#zone/zone.ts";
import { FakeNode } from "./fake-node.ts";

export type Answers = {
  [Name in CommandName]?: (request: RequestOf<Name>) => ReplyOf<Name> | Promise<ReplyOf<Name>>;
};

/** A request that some role of the agent got. */
export type Asked = { [Name in CommandName]: RequestOf<Name> }[CommandName];

/** Between two calls of the load. */
const callMs = 100;

const pair = { certificate: "CERTIFICATE", key: "KEY", fingerprint: "f1" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };

export class FakeZone {
  readonly plan: ZonePlan;
  readonly nodes: Record<NodeName, FakeNode>;
  /** In the order in which they came. */
  readonly asked: Asked[] = [];
  /** Replace one to change how the agent answers. */
  readonly answers: Answers;
  readonly pki = { fingerprints: {}, renewed: () => pair };
  /** Receives every event. */
  onEvent: (event: HistoryEvent) => void = () => {};
  onLost: (error: HarnessError) => void = () => {};
  onEnd: () => void = () => {};
  active: ServiceNode | undefined = "alpha";
  /** No call through the VIP is answered while this is false. */
  isAnswering = true;
  /** Serves a transfer of a stream. */
  transfer: (request: TransferRequest, options: TransferOptions) => Promise<TransferReply> = () =>
    Promise.reject(new Error("the fake agent transfers nothing"));
  isEnded = false;
  #offset = 0;
  #load: Disposable | undefined;

  constructor({ spec = {}, peer }: { spec?: Partial<ZoneSpec>; peer?: PlannedPeer } = {}) {
    const base = { id: "t", index: 3, spec: { ...defaultZoneSpec, ...spec }, certificates };
    this.plan = planZone({ ...base, ...(peer ? { peer } : {}) });
    const nodeOf = (name: NodeName) => new FakeNode(this.plan.nodes[name], (node) => this.#onChange(node));
    this.nodes = { alpha: nodeOf("alpha"), beta: nodeOf("beta"), gamma: nodeOf("gamma") };
    this.answers = this.#healthy();
  }

  /** As the code under test sees it. */
  get started(): StartedZone {
    return this as unknown as StartedZone;
  }

  node(name: NodeName): FakeNode {
    return this.nodes[name];
  }

  readonly actuator = { ask: (request: Asked) => this.ask(request) };

  askNode(name: NodeName, request: object): Promise<unknown> {
    return this.ask({ ...request, pid: this.node(name).pid, node: name } as Asked);
  }

  openClient(inside?: NodeName): Promise<object> {
    return Promise.resolve({
      ask: (request: Asked) => this.ask(request),
      inside,
      [Symbol.asyncDispose]: async () => {},
    });
  }

  openMonitor(): Promise<object> {
    return this.openClient();
  }

  get fingerprints(): Record<string, NodeName> {
    return this.pki.fingerprints;
  }

  async ask(request: Asked): Promise<unknown> {
    this.asked.push(request);
    const answer = this.answers[request.do] as ((request: Asked) => unknown) | undefined;
    if (!answer) throw new Error(`the fake agent has no answer to "${request.do}"`);
    return answer(request);
  }

  /** The commands that the agent got, by name. */
  get askedFor(): CommandName[] {
    return this.asked.map((request) => request.do);
  }

  emit(event: HistoryEvent): void {
    this.onEvent(event);
  }

  /** The observer reports every node. */
  async watch(): Promise<void> {
    for (const name of nodeNames) this.observe(name);
  }

  observe(name: NodeName): void {
    const node = this.nodes[name];
    const isActive = name === this.active && node.isUp;
    this.emit({
      t: nowNs(),
      type: "observed",
      node: name,
      sinceNs: nowNs(),
      isAlive: node.isUp,
      ownsVip: isActive,
      listens: isActive ? [`${this.plan.vip}:9443`] : [],
      isFrozen: node.isFrozen,
      ...(isServiceNode(name) ? { role: isActive ? "MASTER" : "BACKUP" } : {}),
    });
  }

  /** Moves the service. */
  activate(name: ServiceNode | undefined): void {
    this.active = name;
    for (const one of nodeNames) this.observe(one);
    this.answerCall();
  }

  /** A client's append is acknowledged by the active node. */
  answerCall(): void {
    if (!this.active || !this.isAnswering) return;
    this.#offset += 1;
    const call = { op: this.#offset, process: "client-0", f: "append", messageId: `m-${this.#offset}` } as const;
    this.emit({ ...call, t: nowNs(), type: "invoke" });
    this.emit({ ...call, t: nowNs(), type: "ok", node: this.active, offset: this.#offset });
  }

  /** A server reports a stream whose replicas are current, or not. */
  reportStream(stream: string, { isCurrent = true, messages = this.#offset } = {}): void {
    const replicas = [{ name: "beta", isCurrent, lag: 0 }];
    this.emit({ t: nowNs(), type: "stream", node: "alpha", stream, leader: "alpha", replicas, messages });
  }

  async logs(): Promise<Record<string, string>> {
    return Object.fromEntries(nodeNames.map((name) => [name, `log of ${name}\n`]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isEnded = true;
    this.onEnd();
    this.#load?.[Symbol.dispose]();
  }

  /** The standby takes over from an active node that goes down. */
  #onChange(node: FakeNode): void {
    if (node.name === this.active && (!node.isUp || node.isFrozen))
      return this.activate((["alpha", "beta"] as const).find((name) => this.nodes[name].serves));
    this.observe(node.name);
  }

  #healthy(): Answers {
    const totals = { invoked: 1, ok: 1, fail: 0, info: 0, skipped: 0 };
    return {
      load: () => {
        this.#load ??= every(callMs, () => this.answerCall());
      },
      pace: () => {},
      stop: () => {
        this.#load?.[Symbol.dispose]();
        this.#load = undefined;
        return totals;
      },
      streams: () => {
        this.reportStream("facts_operational");
        return { streams: ["facts_operational"], voters: 3 };
      },
      audit: () => ({ messages: this.#offset }),
      "read-older": () => {},
      files: () => ({ paths: [] }),
      "fresh-neighbour": ({ address }) => ({ address, state: "REACHABLE", reachableMs: 150_000 }),
      "run-inside": ({ argv }) => {
        if (argv.join(" ").endsWith("stop keepalived")) this.activate("alpha");
        return { code: 0, stdout: "", stderr: "" };
      },
    };
  }
}
