// Removes what dead runs left on a daemon. It never touches objects of a live run, or zones that `triad up` keeps.

import type Docker from "dockerode";
import { label } from "./labels.ts";
import { isOwnerAlive } from "./owner.ts";

export interface Swept {
  containers: number;
  networks: number;
  volumes: number;
  /** Zone indices whose networks were removed. */
  freedIndices: number[];
}

type Labels = Record<string, string> | undefined;

function isDead(labels: Labels): boolean {
  const owner = labels?.[label.owner];
  return owner !== undefined && !isOwnerAlive(owner);
}

/** 403: another sweep is removing a container of the network. That sweep, or the next one, removes the network. */
const isGone = (error: unknown) => [403, 404, 409].includes((error as { statusCode?: number }).statusCode ?? 0);

async function unlessGone(action: Promise<unknown>): Promise<void> {
  await action.catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}

/** Removes the objects whose labels match. Default: objects of dead owners. */
export async function sweep(docker: Docker, matches: (labels: Labels) => boolean = isDead): Promise<Swept> {
  const filters = { label: [label.owner] };
  const containers = (await docker.listContainers({ all: true, filters })).filter((one) => matches(one.Labels));
  await Promise.all(containers.map((one) => unlessGone(docker.getContainer(one.Id).remove({ force: true, v: true }))));
  const networks = (await docker.listNetworks({ filters })).filter((one) => matches(one.Labels));
  await Promise.all(networks.map((one) => unlessGone(docker.getNetwork(one.Id).remove())));
  const allVolumes = (await docker.listVolumes({ filters })).Volumes ?? [];
  const volumes = allVolumes.filter((one) => matches(one.Labels));
  await Promise.all(volumes.map((one) => unlessGone(docker.getVolume(one.Name).remove())));
  const indices = new Set(networks.map((one) => Number(one.Labels?.[label.index])));
  return {
    containers: containers.length,
    networks: networks.length,
    volumes: volumes.length,
    freedIndices: [...indices].filter(Number.isInteger),
  };
}

/** Removes all objects of one zone, whether or not its owner lives. */
export async function sweepZone(docker: Docker, id: string): Promise<Swept> {
  return sweep(docker, (labels) => labels?.[label.zone] === id);
}
