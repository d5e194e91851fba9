// Which endpoints an engine is given when it makes a container, and which it is given afterwards.

import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import { MultiHomedContainer } from "./container.ts";

const interfaces = [
  { network: "zone", address: "198.18.0.11", mac: "02:42:c6:12:00:0b" },
  { network: "control", address: "198.18.1.11", mac: "02:42:c6:12:01:0b" },
] as const;
const endpoint = (place: 0 | 1) => ({
  IPAMConfig: { IPv4Address: interfaces[place].address },
  MacAddress: interfaces[place].mac,
});

class Made extends MultiHomedContainer {
  async made() {
    await this.beforeContainerCreated();
    await this.containerCreated("id");
    return this.createOpts.NetworkingConfig?.EndpointsConfig;
  }
}

async function madeBy(ApiVersion: string) {
  const connected: unknown[] = [];
  const docker = {
    version: async () => ({ ApiVersion }),
    getNetwork: (name: string) => ({ connect: async (options: object) => void connected.push({ name, ...options }) }),
  } as unknown as Docker;
  const plain = { name: "c", image: "i", labels: {}, environment: {}, files: [], grant: {} };
  const atCreate = await new Made(docker, { ...plain, interfaces: [...interfaces] }).made();
  return { atCreate, connected };
}

describe("a container on two networks", () => {
  it.each(["1.44", "1.51", "2.0"])("gets both endpoints with their MACs at create, by API %s", async (version) => {
    const { atCreate, connected } = await madeBy(version);
    expect(atCreate).toEqual({ zone: endpoint(0), control: endpoint(1) });
    expect(connected).toEqual([]);
  });

  it("is connected to the second network afterwards by an older API", async () => {
    const { atCreate, connected } = await madeBy("1.43");
    expect(atCreate).toEqual({ zone: endpoint(0) });
    expect(connected).toEqual([{ name: "control", Container: "id", EndpointConfig: endpoint(1) }]);
  });
});
