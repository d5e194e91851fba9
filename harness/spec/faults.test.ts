// The table of faults: every name has words and traits, and traits follow the fields of a spec where they depend on
// them.

import { describe, expect, it } from "@jest/globals";
import {
  describeFault,
  doesOf,
  examplesOf,
  faultNames,
  faultShape,
  type FaultSpec,
  nodesOf,
  optionsOf,
  recordedTraits,
  traitsOf,
} from "./faults.ts";
import { fieldsOf } from "./faults/fields.ts";
import { plannedFaults, plannedPeerFaults } from "./scenario.ts";
import { suites } from "./scenarios/index.ts";

const planned = Object.values(suites)
  .flat()
  .flatMap((one) => [...plannedFaults(one), ...plannedPeerFaults(one)])
  .concat(faultNames.flatMap(examplesOf));

describe("the table of faults", () => {
  it.each(faultNames)("says in whole sentences what %s does", (name) => {
    expect(doesOf(name)).toMatch(/^[A-Z].*\.$/);
  });

  it.each(faultNames)("has a word for every option of %s", (name) => {
    for (const field of fieldsOf(optionsOf(name))) expect(field).toMatchObject({ says: expect.stringMatching(/\w/) });
  });

  it.each(planned.map((spec) => [describeFault(spec), spec] as const))("reads from a file: %s", (_, spec) => {
    expect(faultShape.parse(spec)).toEqual(spec);
  });

  it("gives fields of one name one type in all faults", () => {
    const kinds = Map.groupBy(
      faultNames.flatMap((name) => fieldsOf(optionsOf(name))),
      (field) => field.name,
    );
    for (const [name, fields] of kinds) expect([name, new Set(fields.map((one) => one.takes)).size]).toEqual([name, 1]);
  });

  it("refuses a field that the fault does not have", () => {
    expect(() => faultShape.parse({ fault: "kill", node: "alpha", way: "gone" })).toThrow(/way/);
    expect(() => faultShape.parse({ fault: "storage", node: "alpha", way: "melted" })).toThrow(/way/);
  });

  it.each(planned.map((spec) => [describeFault(spec), spec] as const))("names the node in: %s", (words, spec) => {
    for (const node of nodesOf(spec)) expect(words).toContain(node);
  });

  it.each(faultNames)("has traits for a recorded %s without its fields", (name) => {
    expect(recordedTraits(name, {}).node).toMatch(/^(ends|restarts|freezes|runs)$/);
  });

  it("refuses a name that it does not know", () => {
    expect(() => recordedTraits("meteor", {})).toThrow('this version has no fault "meteor"');
    expect(() => recordedTraits("toString", {})).toThrow("this version has no fault");
  });
});

describe("traits that depend on the spec", () => {
  it.each<[FaultSpec, Partial<ReturnType<typeof traitsOf>>]>([
    [{ fault: "power", node: "alpha" }, { store: "kept" }],
    [{ fault: "power", node: "alpha", with: ["beta"] }, { store: "suspect" }],
    [
      { fault: "process-freeze", node: "beta", process: "nats-server" },
      { server: "silent", gate: "jetstream" },
    ],
    [
      { fault: "process-freeze", node: "beta", process: "controller" },
      { server: "untouched", gate: null },
    ],
    [
      { fault: "process-freeze", node: "beta", process: "keepalived" },
      { server: "disturbed", gate: null },
    ],
    [
      { fault: "process-kill", node: "beta", process: "nats-server" },
      { server: "disturbed", gate: "jetstream" },
    ],
    [
      { fault: "link-down", node: "alpha", segments: ["zone"] },
      { failover: "abrupt", leavesMaster: true },
    ],
    [
      { fault: "link-down", node: "alpha", segments: ["peer"] },
      { failover: "none", leavesMaster: false },
    ],
    [{ fault: "cut", node: "alpha", segments: ["zone", "control"], direction: "both" }, { gate: "quorum" }],
    [
      { fault: "cut", node: "alpha", segments: ["control"], direction: "both" },
      { gate: null, failover: "abrupt" },
    ],
    [
      { fault: "cut", node: "alpha", segments: ["peer"], direction: "both" },
      { gate: null, failover: "none" },
    ],
    [{ fault: "cut", node: "alpha", peers: ["beta"], segments: ["zone"], direction: "in" }, { gate: null }],
    [
      { fault: "cut", node: "alpha", peers: ["beta", "gamma"], segments: ["zone"], direction: "out" },
      { gate: "quorum" },
    ],
  ])("of %j", (spec, traits) => {
    expect(traitsOf(spec)).toMatchObject(traits);
  });

  it("counts every node of a joint power loss", () => {
    expect(nodesOf({ fault: "power", node: "gamma", with: ["alpha", "beta"] })).toEqual(["gamma", "alpha", "beta"]);
  });
});
