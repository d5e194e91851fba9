// What a profile leaves out names the entries that lose by it.

import { describe, expect, it } from "@jest/globals";
import { referenceContract } from "#spec/contract/node-contract.ts";
import { select } from "#spec/scenarios/index.ts";
import { weakerEntries } from "./weaker-entries.ts";

const rule = { exe: ["/x"] };
const whole = {
  ...referenceContract,
  isReference: false,
  programs: { "nats-server": rule, keepalived: rule, controller: rule, gate: rule },
};
const entriesAt = (contract: typeof whole, key: string) =>
  weakerEntries(contract)
    .filter((one) => one.key === key)
    .flatMap(({ entries }) => entries);

describe("a profile", () => {
  it("that leaves nothing out weakens nothing", () => {
    expect(weakerEntries(whole)).toEqual([]);
  });

  it("without gates, role or commands names their entries", () => {
    const bare = { ...whole, gates: null, roleFile: null, services: {}, texts: null };
    expect(entriesAt(bare, "node.gates")).toEqual(expect.arrayContaining(["FAIL-7", "GATE-5", "INV-4"]));
    expect(entriesAt(bare, "node.role")).toContain("DUAL-1");
    expect(entriesAt(bare, "node.programs.controller.start")).toEqual(expect.arrayContaining(["DUAL-3", "DUAL-4"]));
    expect(entriesAt(bare, "node.programs.nats-server.stop").length).toBeGreaterThan(0);
  });

  it("names entries that some scenario decides", () => {
    const { gate: _, ...programs } = whole.programs;
    const streams = { ...whole.streams, audit: null, cursors: null };
    const bare = { ...whole, programs, streams, gates: null, roleFile: null, health: "none" as const, services: {} };
    const decided = new Set(select([], []).flatMap(({ entries }) => entries));
    const named = weakerEntries(bare).flatMap(({ entries }) => entries);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((entry) => !decided.has(entry))).toEqual([]);
  });
});
