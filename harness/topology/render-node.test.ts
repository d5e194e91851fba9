// The rendered node.json, held against docs/node-contract.md.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { planZone } from "./plan-zone.ts";
import { type NodeFile, renderNode } from "./render-node.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };
const plan = planZone({ id: "t", index: 0, spec: defaultZoneSpec, certificates });
const read = (name: "alpha" | "beta" | "gamma") => JSON.parse(renderNode(plan, name)) as NodeFile;

describe("node.json", () => {
  it("gives a service node its peer on the control segment", () => {
    const { zoneAddress, controlAddress, peer } = read("alpha");
    expect({ zoneAddress, controlAddress, peer }).toEqual({
      zoneAddress: "198.18.0.11",
      controlAddress: "198.18.1.11",
      peer: { name: "beta", controlAddress: "198.18.1.12" },
    });
  });

  it("gives gamma neither a peer nor a control address", () => {
    expect(read("gamma")).not.toHaveProperty("peer");
    expect(read("gamma")).not.toHaveProperty("controlAddress");
  });

  it("lists the other two nodes as routes, and the whole spec", () => {
    expect(read("beta").routes.map((route) => route.name)).toEqual(["alpha", "gamma"]);
    expect(read("beta").spec).toEqual(defaultZoneSpec);
  });
});
