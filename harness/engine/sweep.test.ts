// What a sweep removes and what it leaves. The daemon is a fake with three lists of labelled objects.

import type Docker from "dockerode";
import { describe, expect, it } from "@jest/globals";
import { keptOwner, label } from "./labels.ts";
import { sweep, sweepZone } from "./sweep.ts";

/** A zone with one container, one network and one volume, which have the zone's name. */
interface Zone {
  id: string;
  index: number;
  owner: string;
}

const deadOwner = "999999999-1";

function daemon(zones: Zone[]) {
  const removed: string[] = [];
  const Labels = ({ id, index, owner }: Zone) => ({
    [label.owner]: owner,
    [label.zone]: id,
    [label.index]: String(index),
  });
  const things = (kind: string) => zones.map((zone) => ({ Id: `${kind} ${zone.id}`, Labels: Labels(zone) }));
  const handle = (id: string) => ({ remove: async () => void removed.push(id) });
  const docker = {
    listContainers: async () => things("container"),
    listNetworks: async () => things("network"),
    listVolumes: async () => ({ Volumes: things("volume").map(({ Id, Labels }) => ({ Name: Id, Labels })) }),
    getContainer: handle,
    getNetwork: handle,
    getVolume: handle,
  } as unknown as Docker;
  return { docker, removed };
}

const zones: Zone[] = [
  { id: "kept-a", index: 0, owner: keptOwner },
  { id: "kept-b", index: 1, owner: keptOwner },
  { id: "7-1-loss", index: 2, owner: deadOwner },
];

describe("a sweep", () => {
  it("removes what a dead owner left, and no kept zone", async () => {
    const { docker, removed } = daemon(zones);
    expect(await sweep(docker)).toMatchObject({ freedIndices: [2] });
    expect(removed).toEqual(["container 7-1-loss", "network 7-1-loss", "volume 7-1-loss"]);
  });

  it("of one zone removes all of it, kept or not, and nothing else", async () => {
    const { docker, removed } = daemon(zones);
    expect(await sweepZone(docker, "kept-a")).toMatchObject({ freedIndices: [0] });
    expect(removed).toEqual(["container kept-a", "network kept-a", "volume kept-a"]);
  });
});
