// A zone: three nodes, two networks and an agent, started from a plan and removed with it. The only way to a zone.
//   await using zone = await new Zone(request).start();

import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import { delay, nowNs } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import { label } from "#engine/labels.ts";
import type { HistoryEvent } from "#history/event.ts";
import { isNodeName, type NodeName, nodeNames, ports, type Segment } from "#spec/node.ts";
import type { StartOrder } from "#spec/scenario.ts";
import type { PlannedNode, PlannedPeer, ZonePlan } from "#topology/plan.ts";
import { addressOn, planZone } from "#topology/plan-zone.ts";
import type { NodeCommand, NodeRequestOf, ReplyOf, RequestOf } from "#protocol/commands.ts";
import type { TransferRequest } from "#protocol/transfer.ts";
import { type AgentListener, AgentProcess } from "./agent-process.ts";
import { type Leg, LeggedContainer } from "./container.ts";
import { makeNetworks, type NetworkRequest, networkOf } from "./networks.ts";
import { StartedNode } from "./node.ts";
import type { ZonePki } from "./pki.ts";
import { bindsOf, makeStores, makeVolumes, storeTmpfs } from "./stores.ts";
import { allOf, barrier, barrierDeadlineMs } from "./together.ts";
import { transfer, type TransferEnd } from "./transfer.ts";
import { claimSite, startError, type ZoneRequest, type ZoneSite } from "./zone-request.ts";

/** How often a starting node is looked for. */
const sightMs = 10;

/** A node has 1024. Where every core is wanted the client and the hand come first: what they did not do in time says nothing of the zone. */
const agentCpuShares = 4_096;

/** The observer's aim between two looks: with 3 to 4 ms of jitter on an unloaded core it stays below 10 ms. */
const lookIntervalMs = 5;

export class Zone {
  readonly #request: ZoneRequest;

  constructor(request: ZoneRequest) {
    this.#request = request;
  }

  /** Makes networks, containers and the agent's roles. On failure everything made so far is removed. */
  async start(): Promise<StartedZone> {
    const zone = plannedZone(this.#request, await claimSite(this.#request));
    try {
      await zone.open();
      return zone;
    } catch (error) {
      await zone[Symbol.asyncDispose]();
      throw startError(error);
    }
  }
}

/** Planned and amended; nothing of it runs before `open`. */
export function plannedZone(request: ZoneRequest, { index, pki }: ZoneSite, peer?: PlannedPeer): StartedZone {
  const { id, spec, amend } = request;
  const plan = planZone({ id, index, spec, certificates: pki.certificates, ...(peer ? { peer } : {}) });
  if (amend) for (const name of nodeNames) amend(plan.nodes[name], plan);
  return new StartedZone(request, plan, pki);
}

/** A zone that another process started and left running. It has no observer, and its PKI stayed with its maker. */
export async function attachZone(request: ZoneRequest, plan: ZonePlan): Promise<StartedZone> {
  const zone = new StartedZone(request, plan);
  await zone.attach();
  return zone;
}

export class StartedZone implements AsyncDisposable {
  readonly plan: ZonePlan;
  readonly #pki: ZonePki | undefined;
  readonly #request: ZoneRequest;
  readonly #nodes = new Map<NodeName, StartedNode>();
  readonly #labels: Record<string, string>;
  #agent: Docker.Container | undefined;
  #observer: AgentProcess<"observe"> | undefined;
  #actuator: AgentProcess<"actuator"> | undefined;
  #isClosing = false;

  constructor(request: ZoneRequest, plan: ZonePlan, pki?: ZonePki) {
    this.#request = request;
    this.plan = plan;
    this.#pki = pki;
    this.#labels = { [label.owner]: request.owner, [label.zone]: plan.id, [label.index]: String(plan.index) };
  }

  node(name: NodeName): StartedNode {
    const node = this.#nodes.get(name);
    if (!node) throw new HarnessError("usage/unknown-node", `zone ${this.plan.id} has no node ${name}`);
    return node;
  }

  get pki(): ZonePki {
    if (!this.#pki)
      throw new HarnessError(
        "fault/impossible",
        `the keys of zone ${this.plan.id} stayed with the process that made it`,
      );
    return this.#pki;
  }

  /** The role that acts: cuts, storage, signals, audits. */
  get actuator(): AgentProcess<"actuator"> {
    if (!this.#actuator) throw new HarnessError("agent/lost", "the actuator is not open");
    return this.#actuator;
  }

  /** Asks the actuator about one node, which is named instead of given by its PID. */
  askNode<Name extends NodeCommand>(
    name: NodeName,
    request: NodeRequestOf<Name>,
    deadlineMs?: number,
  ): Promise<ReplyOf<Name>> {
    return this.actuator.ask({ ...request, pid: this.node(name).pid, node: name } as RequestOf<Name>, deadlineMs);
  }

  async open(): Promise<void> {
    const { docker, start } = this.#request;
    await Promise.all([
      makeNetworks(this.#networksOf(["zone", "control"])),
      makeVolumes(docker, this.plan, this.#labels),
    ]);
    if (this.#hasDisks) await this.#makeDisks();
    if (start) return this.#openInOrder(start);
    // The servers look for a first leader within half a second of their start; one that comes later costs an election
    // of 4 to 9 s. So all three are made first and started at the same moment.
    const together = barrier(nodeNames.length);
    const started = nodeNames.map(async (name) => this.#enter(name, await this.#startNode(name, together)));
    await allOf([...started, this.#openAgent()]);
    await this.watch();
  }

  get #hasDisks(): boolean {
    return this.plan.spec.stores !== "folder";
  }

  /** Before any node: a container is created with its volumes. */
  async #makeDisks(): Promise<void> {
    await this.#openAgent();
    const { docker } = this.#request;
    await makeStores({ docker, actuator: this.actuator, plan: this.plan, labels: this.#labels });
  }

  /** The agent and the roles that a zone always has; once. */
  async #openAgent(): Promise<void> {
    if (this.#agent) return;
    await this.#startAgent();
    [this.#observer, this.#actuator] = await Promise.all([this.#role("observe"), this.#role("actuator")]);
  }

  /** Everything is made and the observer looks before the first node starts; each is looked at as soon as it runs. */
  async #openInOrder({ order, gapMs }: StartOrder): Promise<void> {
    const made = barrier(order.length + 1);
    const sighted: Promise<void>[] = [];
    const startInTurn = async (name: NodeName, place: number): Promise<void> => {
      await this.#startNode(name, async (containerId) => {
        await made();
        await delay(place * gapMs);
        this.#request.onEvent({ t: nowNs(), type: "node", node: name, phase: "starting" });
        sighted.push(this.#sight(name, containerId));
      });
    };
    const startAgent = async (): Promise<void> => {
      await this.#openAgent();
      await this.watch();
      await made();
    };
    await allOf([...order.map(startInTurn), startAgent()]);
    await allOf(sighted);
  }

  /** Takes a node in as soon as the daemon has started it, without waiting for its logs and ports to be asked for. */
  async #sight(name: NodeName, containerId: string): Promise<void> {
    const container = this.#request.docker.getContainer(containerId);
    const look = async () => {
      const { State } = await container.inspect();
      return State.Running ? { done: true } : { saw: State.Status };
    };
    await pollUntil(look, {
      what: `${name} to run`,
      deadlineMs: barrierDeadlineMs,
      intervalMs: sightMs,
      code: "zone/start-failed",
    });
    await this.#enter(name, containerId);
    await this.watch();
  }

  /** Finds the containers by label instead of making them. @throws HarnessError `zone/not-running` */
  async attach(): Promise<void> {
    const filters = { label: [`${label.zone}=${this.plan.id}`] };
    const containers = await this.#request.docker.listContainers({ all: true, filters });
    // No fault touches the agent: where it does not run, somebody ended the whole zone.
    const agent = containers.find((one) => one.Labels[label.role] === "agent" && one.State === "running");
    if (!agent) throw notRunning(containers);
    this.#agent = this.#request.docker.getContainer(agent.Id);
    for (const one of containers) {
      const role = one.Labels[label.role] ?? "";
      if (isNodeName(role)) await this.#adopt(role, one.Id, one.State === "running" || one.State === "paused");
    }
    this.#actuator = await this.#role("actuator");
  }

  /** Lets go of the zone without ending it. */
  async leave(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled([this.#observer?.[Symbol.asyncDispose](), this.#actuator?.[Symbol.asyncDispose]()]);
  }

  /** The segment to its peer, made by the first zone of a pair before either is opened. */
  async joinPeer(): Promise<void> {
    await this.#request.bridges.join(this.plan.index);
    await makeNetworks(this.#networksOf(["peer"]));
  }

  #networksOf(segments: Segment[]): NetworkRequest {
    return { docker: this.#request.docker, plan: this.plan, labels: this.#labels, segments };
  }

  #legsOf(node: PlannedNode): [Leg, ...Leg[]] {
    const further = (["control", "peer"] as const).flatMap((segment) => {
      const address = addressOn(node, segment);
      return address === undefined ? [] : [{ network: networkOf(this.plan, segment), address }];
    });
    return [{ network: networkOf(this.plan, "zone"), address: node.zoneAddress }, ...further];
  }

  /** Makes and starts a node's container. Returns its id. */
  async #startNode(name: NodeName, beforeStart: (containerId: string) => Promise<void>): Promise<string> {
    const node = this.plan.nodes[name];
    const container = await new LeggedContainer(this.#request.docker, {
      name: `triad-${this.plan.id}-${name}`,
      image: this.#request.images.node,
      legs: this.#legsOf(node),
      labels: { ...this.#labels, [label.role]: name },
      environment: node.environment,
      files: node.files,
      grant: this.#request.privileges.grant,
      host: { Binds: bindsOf(this.plan, name) },
      beforeStart,
    }).start();
    return container.getId();
  }

  /** Makes the container of a node that was removed, from its plan as it is now, and starts it. */
  async remake(name: NodeName): Promise<string> {
    await this.#enter(name, await this.#startNode(name, async () => {}));
    await this.watch();
    return `container ${this.node(name).id.slice(0, 12)} runs as pid ${this.node(name).pid}`;
  }

  async #enter(name: NodeName, containerId: string): Promise<void> {
    const started = await this.#adopt(name, containerId, true);
    this.#request.onEvent({ t: nowNs(), type: "node", node: name, phase: "started", pid: started.pid });
  }

  async #adopt(name: NodeName, containerId: string, isUp: boolean): Promise<StartedNode> {
    const started = new StartedNode(this.plan.nodes[name], {
      docker: this.#request.docker,
      containerId,
      onChange: (who, phase, pid) => this.#onChange({ t: nowNs(), type: "node", node: who, phase, pid }),
    });
    if (isUp) await started.adopt();
    this.#nodes.set(name, started);
    return started;
  }

  async #startAgent(): Promise<void> {
    const container = await new LeggedContainer(this.#request.docker, {
      name: `triad-${this.plan.id}-agent`,
      image: this.#request.images.agent,
      legs: [{ network: networkOf(this.plan, "zone"), address: this.plan.agent.address }],
      labels: { ...this.#labels, [label.role]: "agent" },
      environment: {},
      files: this.plan.agent.files,
      grant: this.#request.privileges.grant,
      host: {
        PidMode: "host",
        CpuShares: agentCpuShares,
        Binds: ["/dev:/dev", "/sys/fs/cgroup:/sys/fs/cgroup:ro"],
        ...(this.#hasDisks ? storeTmpfs : {}),
      },
    }).start();
    this.#agent = this.#request.docker.getContainer(container.getId());
  }

  async #role<Role extends "observe" | "actuator" | "monitor">(role: Role): Promise<AgentProcess<Role>> {
    return AgentProcess.open(this.#request.docker, this.#agent!, { role, listener: this.#listener(role) });
  }

  #listener(from: string): AgentListener {
    const { onEvent, onNoise, onLost } = this.#request;
    return { onEvent, onNoise: (line) => onNoise(from, line), onLost: (error) => !this.#isClosing && onLost(error) };
  }

  /** A client role: on the client host, or inside a node's network namespace. */
  async openClient(inside?: NodeName): Promise<AgentProcess<"client">> {
    const prefix = inside ? ["nsenter", "-t", String(this.node(inside).pid), "-n", "--"] : [];
    return AgentProcess.open(this.#request.docker, this.#agent!, {
      role: "client",
      prefix,
      listener: this.#listener(`client-${inside ?? "host"}`),
    });
  }

  /** One stream of the store between a node and a place of ours. */
  transfer<T>(request: TransferRequest, options: TransferEnd & { deadlineMs: number }): Promise<T> {
    return transfer({ docker: this.#request.docker, container: this.#agent! }, request, options);
  }

  /** The role that looks at everything once a second, for the monitors. */
  openMonitor(): Promise<AgentProcess<"monitor">> {
    return this.#role("monitor");
  }

  /** An observer for a zone that was attached to; a zone that was started here has one. */
  async openObserver(): Promise<void> {
    this.#observer ??= await this.#role("observe");
    await this.watch();
  }

  /** Asks the daemon which nodes run: another process may have started or ended some. Tells the observer if so. */
  async findNodes(): Promise<void> {
    const changed = await Promise.all([...this.#nodes.values()].map((node) => node.findPid()));
    if (changed.includes(true)) await this.watch();
  }

  /** Server certificates by fingerprint. Swapped ones are known to the zone's maker only. */
  get fingerprints(): Record<string, NodeName> {
    if (this.#pki) return this.#pki.fingerprints;
    const known = Object.values(this.plan.nodes).filter((node) => node.certificateFingerprint !== undefined);
    return Object.fromEntries(known.map((node) => [node.certificateFingerprint!, node.name]));
  }

  /** Tells the observer which processes the nodes are now. */
  async watch(): Promise<void> {
    const up = [...this.#nodes.values()].filter((node) => node.isUp);
    const pids = Object.fromEntries(up.map((node) => [node.name, node.pid]));
    await this.#observer?.ask({
      do: "watch",
      vip: this.plan.vip,
      rpcPort: ports.rpc,
      pids,
      intervalMs: lookIntervalMs,
    });
  }

  async #onChange(event: HistoryEvent): Promise<void> {
    this.#request.onEvent(event);
    await this.watch();
  }

  /** The logs of every container, by name. */
  async logs(): Promise<Record<string, string>> {
    const entries = [...this.#nodes.values()].map(async (node) => [node.name, await node.logs()] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
    const { docker, bridges } = this.#request;
    const filters = { label: [`${label.zone}=${this.plan.id}`] };
    const containers = await docker.listContainers({ all: true, filters });
    await Promise.allSettled(containers.map((one) => docker.getContainer(one.Id).remove({ force: true, v: true })));
    const networks = await docker.listNetworks({ filters });
    await Promise.allSettled(networks.map((one) => docker.getNetwork(one.Id).remove()));
    const { Volumes: volumes } = await docker.listVolumes({ filters });
    await Promise.allSettled(volumes.map((one) => docker.getVolume(one.Name).remove()));
    await bridges.release(this.plan.index);
  }
}

function notRunning(containers: Docker.ContainerInfo[]): HarnessError {
  const states = containers.map((one) => `${one.Labels[label.role]} ${one.State}`).sort();
  return new HarnessError("zone/not-running", `the zone's agent does not run: ${states.join(", ") || "no containers"}`);
}
