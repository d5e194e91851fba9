// What a node's folders are stored on: volumes that a mutant shares, or file systems of the node's own. The agent makes
// such a file system on a loop device. The daemon mounts it when the node's container starts and unmounts it at its
// end, so each start of a node replays the journal.

import type Docker from "dockerode";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { storesOf } from "#topology/stores.ts";
import type { AgentProcess } from "./agent-process.ts";

const volumeOf = (plan: Pick<ZonePlan, "id">, name: string) => `triad-${plan.id}-${name}`;

/** For mkfs of five images, on a machine whose cores may all be busy. */
const makeDeadlineMs = 60_000;

/** The images are in the agent's memory. They are sparse: only what was written takes space. */
export const storeTmpfs: Docker.HostConfig = { Tmpfs: { "/run/triad-stores": "size=4g,mode=700" } };

/** Volumes that a mutant shares between nodes. */
export async function makeVolumes(docker: Docker, plan: ZonePlan, labels: Record<string, string>): Promise<void> {
  const names = nodeNames.flatMap((name) => plan.nodes[name].volumes.map((one) => one.name));
  const make = (name: string) => docker.createVolume({ Name: volumeOf(plan, name), Labels: labels });
  await Promise.all([...new Set(names)].map(make));
}

export interface StoreRequest {
  docker: Docker;
  actuator: AgentProcess<"actuator">;
  plan: ZonePlan;
  labels: Record<string, string>;
}

/** Has the agent make a file system for each folder, and makes a volume of each. */
export async function makeStores({ docker, actuator, plan, labels }: StoreRequest): Promise<void> {
  const { stores: kind } = plan.spec;
  if (kind === "folder") return;
  const stores = nodeNames.flatMap((name) => storesOf(plan, name));
  const names = stores.map((store) => store.name);
  const { devices } = await actuator.ask({ do: "make-stores", kind, names }, makeDeadlineMs);
  const make = ({ name }: { name: string }) =>
    docker.createVolume({
      Name: volumeOf(plan, name),
      Labels: labels,
      Driver: "local",
      DriverOpts: { type: kind, device: devices[name]! },
    });
  await Promise.all(stores.map(make));
}

/** For a container's HostConfig. */
export function bindsOf(plan: ZonePlan, name: NodeName): string[] {
  return [...plan.nodes[name].volumes, ...storesOf(plan, name)].map((one) => `${volumeOf(plan, one.name)}:${one.path}`);
}
