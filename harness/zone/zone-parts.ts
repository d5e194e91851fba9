// A planned zone and what exists of it so far: its nodes and its agent. start-zone.ts, attach-zone.ts and StartedZone
// work on these parts. Other folders see only StartedZone.

import { nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import { label } from "#engine/labels.ts";
import type { HistoryEvent } from "#history/event.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { PlannedPeer, ZonePlan } from "#topology/plan.ts";
import { planZone } from "#topology/plan-zone.ts";
import { runFirstStart } from "./first-start.ts";
import { StartedNode } from "./node.ts";
import type { ZonePki } from "./pki.ts";
import { ZoneAgent } from "./zone-agent.ts";
import type { ZoneRequest, ReservedZone } from "./zone-request.ts";

/** Target time between two samples of the observer: with 3 to 4 ms of jitter on a free core it stays below 10 ms. */
const sampleIntervalMs = 5;

export class ZoneParts {
  readonly request: ZoneRequest;
  readonly plan: ZonePlan;
  /** Absent in a zone that another process made: the keys stayed there. */
  readonly pki: ZonePki | undefined;
  readonly labels: Record<string, string>;
  readonly nodes = new Map<NodeName, StartedNode>();
  readonly agent: ZoneAgent;

  constructor(request: ZoneRequest, plan: ZonePlan, pki?: ZonePki) {
    this.request = request;
    this.plan = plan;
    this.pki = pki;
    this.labels = { [label.owner]: request.owner, [label.zone]: plan.id, [label.index]: String(plan.index) };
    this.agent = new ZoneAgent(request);
  }

  /** Plans a zone and applies the request's amendments. Nothing runs yet. */
  static planned(request: ZoneRequest, { index, pki }: ReservedZone, peer?: PlannedPeer): ZoneParts {
    const { id, spec, amend, contract } = request;
    const plan = planZone({ id, index, spec, certificates: pki.certificates, contract, ...defined({ peer }) });
    if (amend) for (const name of nodeNames) amend(plan.nodes[name], plan);
    return new ZoneParts(request, plan, pki);
  }

  /** True when each node's folders are file systems of their own. */
  get hasDisks(): boolean {
    return this.plan.spec.stores !== "folder";
  }

  node(name: NodeName): StartedNode {
    const node = this.nodes.get(name);
    if (!node) throw new HarnessError("usage/unknown-node", `zone ${this.plan.id} has no node ${name}`);
    return node;
  }

  /** Takes in a node that has just started, and records that. */
  async enter(name: NodeName, containerId: string): Promise<void> {
    const node = await this.adopt(name, containerId, true);
    this.request.onEvent({ t: nowNs(), type: "node", node: name, phase: "started", pid: node.pid });
    await runFirstStart(node, this.plan.contract.firstStart);
  }

  async adopt(name: NodeName, containerId: string, isUp: boolean): Promise<StartedNode> {
    const node = new StartedNode(this.plan.nodes[name], {
      docker: this.request.docker,
      containerId,
      onChange: (who, phase, pid) => this.#onChange({ t: nowNs(), type: "node", node: who, phase, pid }),
    });
    if (isUp) await node.adopt();
    this.nodes.set(name, node);
    return node;
  }

  /** Gives the observer the nodes' current processes. */
  async watch(): Promise<void> {
    const up = [...this.nodes.values()].filter((node) => node.isUp);
    const pids = Object.fromEntries(up.map((node) => [node.name, node.pid]));
    const { vip, contract } = this.plan;
    await this.agent.watch({ do: "watch", vip, rpcPort: contract.ports.rpc, pids, intervalMs: sampleIntervalMs });
  }

  async #onChange(event: HistoryEvent): Promise<void> {
    this.request.onEvent(event);
    await this.watch();
  }
}
