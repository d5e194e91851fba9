// The containers of one zone: making each from its plan, finding them by label, removing all.

import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { systemdGrant } from "#engine/privileges.ts";
import { label } from "#engine/labels.ts";
import { contractVariable } from "#spec/contract/node-contract.ts";
import type { NodeImage } from "#spec/contract/node-image.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { addressOn, macOn } from "#topology/plan-zone.ts";
import { MultiHomedContainer, type NetworkInterface } from "./container.ts";
import { networkOf } from "./networks.ts";
import { bindsOf, storeTmpfs } from "./stores.ts";
import type { ZoneParts } from "./zone-parts.ts";
import type { ZoneRequest } from "./zone-request.ts";

/**
 * A node has 1024. The client and the actuator come first where every core is busy: a call that they did not make in
 * time says nothing about the zone.
 */
const agentCpuShares = 4_096;
/** systemd ignores SIGTERM. */
const systemdStopSignal = "SIGRTMIN+3";

/** Makes and starts a node's container. Returns its id. */
export async function startNode(
  { request, plan, labels }: ZoneParts,
  name: NodeName,
  beforeStart: (containerId: string) => Promise<void> = async () => {},
): Promise<string> {
  const node = plan.nodes[name];
  const foreign = request.images.nodes?.[name];
  const container = await new MultiHomedContainer(request.docker, {
    name: `triad-${plan.id}-${name}`,
    image: foreign?.tag ?? request.images.node,
    interfaces: interfacesOf(plan, node),
    labels: { ...labels, [label.role]: name },
    environment: node.environment,
    files: node.files,
    grant: foreign?.isSystemd ? systemdGrant : request.privileges.grant,
    host: { Binds: bindsOf(plan, name), ...(foreign ? hostOf(foreign) : {}) },
    ...(foreign ? { create: createOf(foreign, plan) } : {}),
    beforeStart,
  }).start();
  return container.getId();
}

/** systemd needs a cgroup tree of its own, and would leave hierarchies behind on the host's. */
function hostOf({ isSystemd }: NodeImage): Docker.HostConfig {
  // The types of the client know no such field; API 1.41 does.
  return (isSystemd ? { CgroupnsMode: "private" } : {}) as Docker.HostConfig;
}

function createOf(
  { stopSignal, isSystemd }: NodeImage,
  { contract }: ZonePlan,
): Partial<Docker.ContainerCreateOptions> {
  const signal = stopSignal ?? (isSystemd ? systemdStopSignal : undefined);
  return {
    ...(signal === undefined ? {} : { StopSignal: signal }),
    // An inner container engine cannot lay its overlay over the container's own. Anonymous: removed with the container.
    Volumes: Object.fromEntries(contract.volumes.map((path) => [path, {}])),
  };
}

function interfacesOf(plan: ZonePlan, node: PlannedNode): [NetworkInterface, ...NetworkInterface[]] {
  const further = (["control", "peer"] satisfies Segment[]).flatMap((segment) => {
    const [address, mac] = [addressOn(node, segment), macOn(node, segment)];
    return address === undefined || mac === undefined ? [] : [{ network: networkOf(plan, segment), address, mac }];
  });
  return [{ network: networkOf(plan, "zone"), address: node.zoneAddress, mac: node.zoneMac }, ...further];
}

/** Makes and starts the agent's container. Returns its id. */
export async function startAgent({ request, plan, labels, hasDisks }: ZoneParts): Promise<string> {
  const container = await new MultiHomedContainer(request.docker, {
    name: `triad-${plan.id}-agent`,
    image: request.images.agent,
    interfaces: [{ network: networkOf(plan, "zone"), address: plan.agent.address, mac: plan.agent.mac }],
    labels: { ...labels, [label.role]: "agent" },
    environment: plan.contract.isReference ? {} : { [contractVariable]: JSON.stringify(plan.contract) },
    files: plan.agent.files,
    grant: request.privileges.grant,
    host: {
      PidMode: "host",
      CpuShares: agentCpuShares,
      Binds: ["/dev:/dev", "/sys/fs/cgroup:/sys/fs/cgroup:ro"],
      ...(hasDisks ? storeTmpfs : {}),
    },
  }).start();
  return container.getId();
}

/** Calls `onChange` after each start, end, pause or resume of a container of the zone, until the signal. */
export async function followContainers(
  docker: Docker,
  plan: Pick<ZonePlan, "id">,
  { onChange, signal }: { onChange: () => void; signal: AbortSignal },
): Promise<void> {
  const event = ["start", "die", "pause", "unpause"];
  const options: Docker.GetEventsOptions = { filters: { type: ["container"], event, ...ofZone(plan) } };
  const stream = (await docker.getEvents(options)) as Readable;
  stream.on("data", onChange).on("error", () => {});
  signal.addEventListener("abort", () => stream.destroy(), { once: true });
}

const ofZone = (plan: Pick<ZonePlan, "id">) => ({ label: [`${label.zone}=${plan.id}`] });

/** Every container of the zone, stopped ones included. */
export function containersOf(docker: Docker, plan: Pick<ZonePlan, "id">): Promise<Docker.ContainerInfo[]> {
  return docker.listContainers({ all: true, filters: ofZone(plan) });
}

/** Removes containers, networks, volumes and bridges. What cannot be removed is left to the next sweep. */
export async function removeZone({ docker, bridges }: ZoneRequest, plan: ZonePlan): Promise<void> {
  const filters = ofZone(plan);
  const containers = await containersOf(docker, plan);
  await Promise.allSettled(containers.map((one) => docker.getContainer(one.Id).remove({ force: true, v: true })));
  const networks = await docker.listNetworks({ filters });
  await Promise.allSettled(networks.map((one) => docker.getNetwork(one.Id).remove()));
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.allSettled(volumes.map((one) => docker.getVolume(one.Name).remove()));
  await bridges.release(plan.index);
}
