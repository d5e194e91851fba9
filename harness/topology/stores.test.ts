// Which folders of a node get a file system of their own.

import { describe, expect, it } from "@jest/globals";
import { nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { planZone } from "./plan-zone.ts";
import { storesOf } from "./stores.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "s" };
const planned = (stores: "folder" | "xfs") =>
  planZone({ id: "t", index: 0, spec: { ...defaultZoneSpec, stores }, certificates });

describe("the stores of a zone", () => {
  it("are empty where nodes keep their data in folders", () => {
    expect(nodeNames.flatMap((name) => storesOf(planned("folder"), name))).toEqual([]);
  });

  it("are the JetStream folder of each node and the artifact folder of each service node", () => {
    const plan = planned("xfs");
    expect(nodeNames.map((name) => storesOf(plan, name).map((store) => store.path))).toEqual([
      ["/data/jetstream", "/artifacts"],
      ["/data/jetstream", "/artifacts"],
      ["/data/jetstream"],
    ]);
    const names = nodeNames.flatMap((name) => storesOf(plan, name).map((store) => store.name));
    expect(new Set(names).size).toBe(5);
  });

  it("leave out a folder that a mutant puts on a volume", () => {
    const plan = planned("xfs");
    plan.nodes.beta.volumes.push({ name: "artifacts", path: "/artifacts" });
    expect(storesOf(plan, "beta").map((store) => store.path)).toEqual(["/data/jetstream"]);
  });
});
