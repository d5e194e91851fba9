// The plan of a zone with a peer zone: its interfaces on the segment between the two, and the files of its nodes.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { addressOn, peerSubnet, planZone } from "./plan-zone.ts";
import type { NodeFile } from "./render-node.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };
const shared = { ca: "its CA", subnet: peerSubnet(2), pairIndex: 2, pairId: "t" };
const first = planZone({
  id: "t",
  index: 2,
  spec: defaultZoneSpec,
  certificates,
  peer: { ...shared, zoneId: "b-bsfg", vip: "198.18.10.10" },
});
const second = planZone({
  id: "t-b",
  index: 5,
  spec: { ...defaultZoneSpec, zoneId: "b-bsfg" },
  certificates,
  peer: { ...shared, zoneId: "plant-a-bsfg", vip: "198.18.4.10" },
});

describe("two planned zones", () => {
  it("have different addresses on one segment, on service nodes only", () => {
    const addresses = [first, second].flatMap(({ nodes }) =>
      [nodes.alpha, nodes.beta].map((one) => addressOn(one, "peer")),
    );
    expect(addresses).toEqual(["198.19.86.11", "198.19.86.12", "198.19.86.21", "198.19.86.22"]);
    expect(shared.subnet).toBe("198.19.86.0/24");
    expect(addressOn(first.nodes.gamma, "peer")).toBeUndefined();
  });

  it("give service nodes the peer zone's id, VIP and CA, and gamma nothing", () => {
    const fileOf = (name: "alpha" | "gamma", path: string) => first.nodes[name].files.find((one) => one.path === path);
    const nodeFile = (name: "alpha" | "gamma") => JSON.parse(fileOf(name, "/opt/bsfg/node.json")!.text) as NodeFile;
    expect(nodeFile("alpha").peerZone).toMatchObject({
      zoneId: "b-bsfg",
      vip: "198.18.10.10",
      rpcPort: 9443,
      ownAddress: "198.19.86.11",
    });
    expect(fileOf("alpha", "/opt/bsfg/certs/peer-ca.crt")?.text).toBe("its CA");
    expect(nodeFile("gamma")).not.toHaveProperty("peerZone");
    expect(fileOf("gamma", "/opt/bsfg/certs/peer-ca.crt")).toBeUndefined();
    expect(first.nodes.alpha.environment["PEER_ENDPOINTS"]).toBe("b-bsfg=198.18.10.10:9443");
  });
});
