// A start that fails: the error that it ends with, and that nothing it made or claimed is left. The daemon is a fake.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { FakeDocker } from "./fake-docker.ts";
import { startPair } from "./pair.ts";
import { Zone } from "./start-zone.ts";
import type { ZoneRequest } from "./zone-request.ts";

/** A daemon that makes no network, and bridges that may refuse to join two zones. */
function requests(options: { canJoin?: boolean } = {}) {
  const daemon = new FakeDocker({});
  const refuse = async () => Promise.reject(new Error("operation not supported"));
  const docker = Object.assign(daemon.docker, { createNetwork: refuse, createVolume: async () => {} });
  const claimed: number[] = [];
  const bridges = {
    claim: async () => claimed.push(claimed.length + 4) + 3,
    join: async () => (options.canJoin === false ? Promise.reject(new Error("no bridge")) : undefined),
    release: async (index: number) => void claimed.splice(claimed.indexOf(index), 1),
  };
  const request = (id: string) =>
    ({ id, owner: "me", spec: defaultZoneSpec, docker, bridges, onEvent: () => {} }) as unknown as ZoneRequest;
  return { request, claimed, daemon };
}

describe("a zone whose networks cannot be made", () => {
  it("ends with the daemon's words, is removed, and gives its index back", async () => {
    const { request, claimed, daemon } = requests();
    await expect(new Zone(request("t")).start()).rejects.toMatchObject({
      code: "engine/no-macvlan",
      message: expect.stringContaining("operation not supported"),
    });
    expect(claimed).toEqual([]);
    expect(daemon.removed).toEqual(["network", "volume"]);
  });
});

describe("a pair of zones", () => {
  it("gives both indices back when the segment between them cannot be made", async () => {
    const { request, claimed } = requests({ canJoin: false });
    await expect(startPair(request("t"), request("t-b"))).rejects.toMatchObject({
      code: "zone/start-failed",
      message: "no bridge",
    });
    expect(claimed).toEqual([]);
  });

  it("gives both back when one of them does not start", async () => {
    const { request, claimed } = requests();
    await expect(startPair(request("t"), request("t-b"))).rejects.toMatchObject({ code: "engine/no-macvlan" });
    expect(claimed).toEqual([]);
  });
});
