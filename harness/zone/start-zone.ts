// Starts a planned zone: networks, file systems, the agent, and the nodes together or one after the other.

import { delay, nowNs } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import { type NodeName, nodeNames, type Segment } from "#spec/node.ts";
import type { StartOrder } from "#spec/scenario.ts";
import { makeNetworks } from "./networks.ts";
import { makeStores, makeVolumes } from "./stores.ts";
import { allOf, barrier, barrierDeadlineMs } from "./together.ts";
import { StartedZone } from "./zone.ts";
import { removeZone, startAgent, startNode } from "./zone-containers.ts";
import { ZoneParts } from "./zone-parts.ts";
import { reserveZone, startError, type ZoneRequest } from "./zone-request.ts";

/** How often a starting node's state is read. */
const statePollMs = 10;

export class Zone {
  readonly #request: ZoneRequest;

  constructor(request: ZoneRequest) {
    this.#request = request;
  }

  /** Makes networks, containers and the agent's roles. On failure everything made so far is removed. */
  async start(): Promise<StartedZone> {
    const parts = ZoneParts.planned(this.#request, await reserveZone(this.#request));
    try {
      await openZone(parts);
      return new StartedZone(parts);
    } catch (error) {
      await abandonZone(parts);
      throw startError(error);
    }
  }
}

/** Makes everything of one zone. If it fails, it does not remove what it made. */
export async function openZone(parts: ZoneParts): Promise<void> {
  const { request, plan, labels, hasDisks } = parts;
  const { docker, start } = request;
  await Promise.all([makeZoneNetworks(parts, ["zone", "control"]), makeVolumes(docker, plan, labels)]);
  if (hasDisks) {
    // Before any node: a container is created with its volumes.
    await openAgent(parts);
    await makeStores({ docker, actuator: parts.agent.actuator, plan, labels });
  }
  if (start) return openInOrder(parts, start);
  // The servers elect a first leader within half a second of their start. A server that comes later costs an election
  // of 4 to 9 s. So all three containers are made first and started at the same moment.
  const together = barrier(nodeNames.length);
  const started = nodeNames.map(async (name) => parts.enter(name, await startNode(parts, name, together)));
  await allOf([...started, openAgent(parts)]);
  await parts.watch();
}

/** Removes what was made of a zone that did not start. */
export async function abandonZone({ agent, request, plan }: ZoneParts): Promise<void> {
  await agent.leave();
  await removeZone(request, plan);
}

export function makeZoneNetworks({ request, plan, labels }: ZoneParts, segments: Segment[]): Promise<void> {
  return makeNetworks({ docker: request.docker, plan, labels, segments });
}

/** Starts the agent with the roles that a zone always has. Idempotent. */
async function openAgent(parts: ZoneParts): Promise<void> {
  const { agent } = parts;
  if (agent.isRunning) return;
  agent.use(await startAgent(parts));
  await Promise.all([agent.openObserver(), agent.openActuator()]);
}

/**
 * Makes all containers and starts the observer before the first node starts. So the observer samples each node from its
 * start on.
 */
async function openInOrder(parts: ZoneParts, { order, gapMs }: StartOrder): Promise<void> {
  const made = barrier(order.length + 1);
  const entered: Promise<void>[] = [];
  const startInTurn = async (name: NodeName, place: number): Promise<void> => {
    await startNode(parts, name, async (containerId) => {
      await made();
      await delay(place * gapMs);
      parts.request.onEvent({ t: nowNs(), type: "node", node: name, phase: "starting" });
      entered.push(enterOnceRunning(parts, name, containerId));
    });
  };
  const startObserver = async (): Promise<void> => {
    await openAgent(parts);
    await parts.watch();
    await made();
  };
  await allOf([...order.map(startInTurn), startObserver()]);
  await allOf(entered);
}

/** Enters a node as soon as the daemon runs its container. The container library reports it later, with its ports. */
async function enterOnceRunning(parts: ZoneParts, name: NodeName, containerId: string): Promise<void> {
  const container = parts.request.docker.getContainer(containerId);
  const look = async () => {
    const { State } = await container.inspect();
    return State.Running ? { done: true } : { saw: State.Status };
  };
  await pollUntil(look, {
    what: `${name} to run`,
    deadlineMs: barrierDeadlineMs,
    intervalMs: statePollMs,
    code: "zone/start-failed",
  });
  await parts.enter(name, containerId);
  await parts.watch();
}
