// A zone for unit tests: a real plan, three nodes that only change their state, and an actuator whose replies are those
// of a healthy zone. It records in order what was done to it. A test overrides the replies it is about.

import { HarnessError } from "#base/errors.ts";
import type { NodeCommand, NodeRequestOf, ReplyOf, RequestOf } from "#protocol/commands.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { planZone } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import { type ActuatorCommand, healthyReplies, type Replies } from "./fake-replies.ts";

export interface FakeZoneOptions {
  spec?: Partial<ZoneSpec>;
  /** Instead of the healthy ones. */
  replies?: Replies;
}

export class FakeZone {
  readonly plan: ZonePlan;
  /** What was done, e.g. "alpha kill", "actuator cut". */
  readonly log: string[] = [];
  /** Every request to the actuator, in order. */
  readonly requests: RequestOf<ActuatorCommand>[] = [];
  readonly nodes: Record<NodeName, FakeNode>;
  readonly #replies: Replies;

  constructor({ spec, replies = {} }: FakeZoneOptions = {}) {
    const pair = { certificate: "original", key: "key", fingerprint: "0123456789abcdef0123" };
    const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };
    this.plan = planZone({ id: "t", index: 0, spec: { ...defaultZoneSpec, ...spec }, certificates });
    const fake = (name: NodeName) => new FakeNode(this.plan.nodes[name], this.log);
    this.nodes = { alpha: fake("alpha"), beta: fake("beta"), gamma: fake("gamma") };
    this.#replies = { ...healthyReplies(this.plan), ...replies };
  }

  /** For code that takes a zone. */
  get zone(): StartedZone {
    return this as unknown as StartedZone;
  }

  node(name: NodeName): FakeNode {
    return this.nodes[name];
  }

  readonly actuator = {
    ask: async <Name extends ActuatorCommand>(request: RequestOf<Name>): Promise<ReplyOf<Name>> => {
      this.log.push(`actuator ${request.do}`);
      this.requests.push(request as RequestOf<ActuatorCommand>);
      const reply: ((request: RequestOf<Name>) => ReplyOf<Name>) | undefined = this.#replies[request.do];
      if (!reply) throw new HarnessError("agent/refused", `the fake has no reply to ${request.do}`);
      return reply(request);
    },
  };

  async askNode<Name extends NodeCommand>(name: NodeName, request: NodeRequestOf<Name>): Promise<ReplyOf<Name>> {
    return this.actuator.ask({ ...request, pid: this.nodes[name].pid, node: name } as unknown as RequestOf<Name>);
  }

  async remake(name: NodeName): Promise<string> {
    this.log.push(`${name} remake`);
    return this.nodes[name].start();
  }

  readonly pki = {
    bad: async (way: string) => ({ certificate: `bad: ${way}`, key: "bad key", fingerprint: "bad0bad0bad0bad0bad0" }),
    original: () => ({ certificate: "original", key: "key", fingerprint: "0123456789abcdef0123" }),
  };

  /** Requests of one command, in order. */
  requestsOf<Name extends ActuatorCommand>(name: Name): RequestOf<Name>[] {
    return this.requests.filter((one) => one.do === name) as RequestOf<Name>[];
  }
}

/** Its calls answer with the words that a real node's have. */
export class FakeNode {
  readonly plan: PlannedNode;
  readonly #log: string[];
  #starts = 1;
  isUp = true;
  isPaused = false;

  constructor(plan: PlannedNode, log: string[]) {
    this.plan = plan;
    this.#log = log;
  }

  get name(): NodeName {
    return this.plan.name;
  }

  get pid(): number {
    return this.isUp ? 1_000 * this.#starts + 1 + nodeNames.indexOf(this.name) : 0;
  }

  async kill(): Promise<string> {
    return this.#end("kill", 137);
  }

  async stop(): Promise<string> {
    return this.#end("stop", 0);
  }

  async hasDied(): Promise<string> {
    return this.#end("has died", 137);
  }

  async start(): Promise<string> {
    this.#log.push(`${this.name} start`);
    this.isUp = true;
    this.#starts += 1;
    return `container runs as pid ${this.pid}`;
  }

  async remove(): Promise<string> {
    this.#log.push(`${this.name} remove`);
    this.isUp = false;
    return "the daemon knows no container";
  }

  async pause(): Promise<string> {
    this.#log.push(`${this.name} pause`);
    if (!this.isUp) throw new HarnessError("fault/no-effect", `${this.name} is exited`);
    this.isPaused = true;
    return "the daemon reports the container paused";
  }

  async resume(): Promise<string> {
    this.#log.push(`${this.name} resume`);
    if (!this.isUp) throw new HarnessError("fault/no-effect", `${this.name} is exited`);
    this.isPaused = false;
    return "the daemon reports the container running";
  }

  async limit(limits: object): Promise<string> {
    this.#log.push(`${this.name} limit ${JSON.stringify(limits)}`);
    return "the daemon's limit is set";
  }

  #end(how: string, code: number): string {
    this.#log.push(`${this.name} ${how}`);
    this.isUp = false;
    this.isPaused = false;
    return `container exited with ${code}`;
  }
}
