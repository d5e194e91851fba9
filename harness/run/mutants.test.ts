// Every seeded wrong zone can be made: its patch fits the spec, its files and edits fit the planned nodes.

import { describe, expect, it } from "@jest/globals";
import { nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { peerZoneId } from "#spec/scenario.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import { peerSubnet, planZone } from "#topology/plan-zone.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { amendOf, readMutant, type Mutant, mutantNames, withPatch } from "./mutants.ts";

const pair = { certificate: "", key: "", fingerprint: "" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "5ec3e7" };

const peer = { zoneId: peerZoneId, vip: "198.18.8.10", ca: "", subnet: peerSubnet(3), pairIndex: 3, pairId: "t" };

function madeFrom(seeded: Mutant): ZonePlan {
  const asked = seeded.scenarios.map((name) => scenarioNamed(seeded.suite, name));
  const isPair = asked.some((one) => one.peers === 2);
  // As its own scenario asks for it: a tier may be what the edit is about.
  const spec = withPatch({ ...defaultZoneSpec, ...asked[0]!.zone }, seeded.zone);
  const plan = planZone({ id: "t", index: 3, spec, certificates, ...(isPair ? { peer } : {}) });
  for (const name of nodeNames) amendOf(seeded)(plan.nodes[name], plan);
  return plan;
}

const seedNode: Mutant = {
  name: "seed",
  entry: "BOOT-1",
  says: "gamma is told alpha alone",
  suite: "bootstrap",
  scenarios: ["boot-fourth-server"],
  zone: {},
  files: [],
  edits: [{ node: "gamma", path: "/opt/bsfg/nats.conf", from: "^ *.*__BETA__:6222.*\n", to: "" }],
  volumes: [],
  alsoBreaks: [],
};

describe("a seeded zone", () => {
  it.each(mutantNames())("%s can be made", (name) => {
    expect(() => madeFrom(readMutant(name))).not.toThrow();
  });

  it("has what its edit took away nowhere but where it was told", () => {
    const plan = madeFrom(seedNode);
    const textOf = (name: "alpha" | "gamma") =>
      plan.nodes[name].files.find((one) => one.path === "/opt/bsfg/nats.conf")!.text;
    expect(textOf("gamma")).not.toContain("198.18.6.12:6222");
    expect(textOf("gamma")).toContain("198.18.6.11:6222");
    expect(textOf("alpha")).toContain("198.18.6.12:6222");
  });

  it("is an error when an edit changes nothing: a right zone proves nothing", () => {
    const edits = [{ node: "gamma" as const, path: "/opt/bsfg/nats.conf", from: "no such line", to: "" }];
    expect(() => madeFrom({ ...seedNode, edits })).toThrow(/no such line.* is not in \/opt\/bsfg\/nats\.conf/);
  });
});
