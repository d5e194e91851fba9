// A zone that runs: its nodes by name, and the agent's roles. start-zone.ts makes one, attach-zone.ts finds one.

import { HarnessError } from "#base/errors.ts";
import { label } from "#engine/labels.ts";
import type { NodeCommand, NodeRequestOf, ReplyOf, RequestOf } from "#protocol/commands.ts";
import type { TransferName, TransferReply, TransferRequest } from "#protocol/transfer.ts";
import { isNodeName, type NodeName } from "#spec/node.ts";
import type { ZonePlan } from "#topology/plan.ts";
import type { AgentProcess } from "./agent-process.ts";
import type { StartedNode } from "./node.ts";
import type { ZonePki } from "./pki.ts";
import type { TransferOptions } from "./transfer.ts";
import { containersOf, followContainers, removeZone, startNode } from "./zone-containers.ts";
import type { ZoneParts } from "./zone-parts.ts";

export class StartedZone implements AsyncDisposable {
  readonly #parts: ZoneParts;

  constructor(parts: ZoneParts) {
    this.#parts = parts;
  }

  get plan(): ZonePlan {
    return this.#parts.plan;
  }

  node(name: NodeName): StartedNode {
    return this.#parts.node(name);
  }

  /** @throws HarnessError `fault/impossible` in a zone that was attached to */
  get pki(): ZonePki {
    const { pki, plan } = this.#parts;
    if (pki) return pki;
    throw new HarnessError("fault/impossible", `the keys of zone ${plan.id} stayed with the process that made it`);
  }

  /**
   * Server certificates by fingerprint. Only the process that made the zone knows the certificates that a fault
   * installed.
   */
  get fingerprints(): Record<string, NodeName> {
    const { pki, plan } = this.#parts;
    if (pki) return pki.fingerprints;
    const known = Object.values(plan.nodes).filter((node) => node.certificateFingerprint !== undefined);
    return Object.fromEntries(known.map((node) => [node.certificateFingerprint!, node.name]));
  }

  /** The role that breaks nodes and reads from them. */
  get actuator(): AgentProcess<"actuator"> {
    return this.#parts.agent.actuator;
  }

  /** Asks the actuator about one node, by its name instead of its PID. */
  askNode<Name extends NodeCommand>(
    name: NodeName,
    request: NodeRequestOf<Name>,
    deadlineMs?: number,
  ): Promise<ReplyOf<Name>> {
    const { pid } = this.node(name);
    return this.actuator.ask<Name>({ ...request, pid, node: name } as RequestOf<Name>, deadlineMs);
  }

  /** A client role: on the client host, or in a node's network namespace. */
  openClient(inside?: NodeName): Promise<AgentProcess<"client">> {
    return this.#parts.agent.openClient(inside && this.node(inside));
  }

  /** The role that samples everything once a second, for the monitors. */
  openMonitor(): Promise<AgentProcess<"monitor">> {
    return this.#parts.agent.openMonitor();
  }

  /** An observer for a zone that was attached to. A zone that was started here has one. */
  async openObserver(): Promise<void> {
    await this.#parts.agent.openObserver();
    await this.watch();
  }

  /** Copies one JetStream stream between a node and a local file. */
  transfer<Name extends TransferName>(
    request: TransferRequest<Name>,
    options: TransferOptions,
  ): Promise<TransferReply<Name>> {
    return this.#parts.agent.transfer(request, options);
  }

  /** Gives the observer the nodes' current processes. */
  watch(): Promise<void> {
    return this.#parts.watch();
  }

  /** Asks the daemon which nodes run: another process may have started or ended some. */
  async findNodes(): Promise<void> {
    const remade = await this.#adoptRemade();
    const changed = await Promise.all([...this.#parts.nodes.values()].map((node) => node.findPid()));
    if (remade || changed.includes(true)) await this.watch();
  }

  /** Takes in the containers that another process made again. @returns whether there was one. */
  async #adoptRemade(): Promise<boolean> {
    const containers = await containersOf(this.#parts.request.docker, this.plan);
    const remade = containers.flatMap(({ Id, Labels, State }) => {
      const role = Labels[label.role] ?? "";
      const isOther = isNodeName(role) && this.node(role).id !== Id;
      return isOther ? [{ role, Id, isUp: State === "running" || State === "paused" }] : [];
    });
    for (const { role, Id, isUp } of remade) await this.#parts.adopt(role, Id, isUp);
    return remade.length > 0;
  }

  /** Keeps the observer on the nodes' current processes, whoever starts or ends them, until the signal. */
  async follow(signal: AbortSignal): Promise<void> {
    const { request } = this.#parts;
    // A container that is removed while it is looked at has a later event of its own.
    const onChange = () => void this.findNodes().catch(() => {});
    await followContainers(request.docker, this.plan, { onChange, signal });
    await this.findNodes();
  }

  /** Makes the container of a removed node again, from its current plan, and starts it. */
  async remake(name: NodeName): Promise<string> {
    await this.#parts.enter(name, await startNode(this.#parts, name));
    await this.watch();
    const { id, pid } = this.node(name);
    return `container ${id.slice(0, 12)} runs as pid ${pid}`;
  }

  /** The logs of every node, by name. */
  async logs(): Promise<Record<string, string>> {
    const entries = [...this.#parts.nodes.values()].map(async (node) => [node.name, await node.logs()] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Lets go of the zone without ending it. */
  leave(): Promise<void> {
    return this.#parts.agent.leave();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    await removeZone(this.#parts.request, this.plan);
  }
}
