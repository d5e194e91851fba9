// The catalogue is read whole or refused by the name of what is wrong in it.

import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { catalogueOf, pickEntries } from "./catalogue.ts";

const carried = catalogueOf(readFileSync(join(import.meta.dirname, "../../fixtures/catalogue.yaml"), "utf8"));

/** Entries of each section, numbered without a gap. A statement of the pattern is added here too, and never dropped unseen. */
const sections: [section: string, family: string, first: number, last: number][] = [
  ["roles", "ROLE", 1, 3],
  ["network", "NET", 1, 5],
  ["security", "SEC", 1, 8],
  ["storage", "STO", 1, 5],
  ["durability", "DUR", 1, 9],
  ["gates", "GATE", 1, 7],
  ["dual_active", "DUAL", 0, 5],
  ["mechanics", "MECH", 1, 3],
  ["failure", "FAIL", 1, 8],
  ["failure", "TIME", 1, 1],
  ["bootstrap", "BOOT", 1, 6],
  ["recovery", "REC", 1, 5],
  ["monitoring", "MON", 1, 11],
  ["invariants", "INV", 1, 6],
];

describe("the catalogue", () => {
  it("holds every statement of the pattern, each in its section", () => {
    const expected = sections.flatMap(([section, family, first, last]) =>
      Array.from({ length: last - first + 1 }, (_, place) => `${section} ${family}-${first + place}`),
    );
    expect(carried.map(({ section, id }) => `${section} ${id}`)).toEqual(expected);
    expect(carried).toHaveLength(83);
  });

  it("holds every row of the failure table, with its promise and its evidence", () => {
    const rows = carried.filter((entry) => entry.section === "failure").map((entry) => entry.id);
    expect(rows).toEqual(["FAIL-1", "FAIL-2", "FAIL-3", "FAIL-4", "FAIL-5", "FAIL-6", "FAIL-7", "FAIL-8", "TIME-1"]);
    expect(carried.find((entry) => entry.id === "TIME-1")).toMatchObject({
      says: expect.stringContaining("5 to 30 s"),
      seeded: expect.any(String),
    });
  });

  it("reads a comma inside an unquoted sentence as part of it", () => {
    expect(carried.find((entry) => entry.id === "ROLE-1")?.decide).toBe(
      "VIP owner, process owning the VIP socket, raft peers",
    );
  });

  it.each([
    ["a promise left out", "a: {FAIL-1: {decide: x}}", /FAIL-1 says nothing/],
    ["an unknown field", "a: {FAIL-1: {says: x, sais: y}}", /has the field "sais"/],
    ["an id in two sections", "a: {FAIL-1: {says: x}}\nb: {FAIL-1: {says: y}}", /FAIL-1 stands twice/],
    ["an id twice in a section", "a:\n  FAIL-1: {says: x}\n  FAIL-1: {says: y}", /not YAML/],
    ["a name that is no id", "a: {fail1: {says: x}}", /"fail1" is no id/],
    ["no entry", "a: {}", /holds no entry/],
    ["a list", "- a", /no table/],
  ])("refuses %s", (_what, text, words) => {
    expect(() => catalogueOf(text)).toThrow(words);
  });

  it("picks entries in the order asked for, each once, and names the family of one it lacks", () => {
    expect(pickEntries(carried, ["TIME-1", "FAIL-1", "TIME-1"]).map((entry) => entry.id)).toEqual(["TIME-1", "FAIL-1"]);
    expect(() => pickEntries(carried, ["FAIL-9"])).toThrow(
      expect.objectContaining({ code: "usage/unknown-entry", expected: expect.stringContaining("FAIL-8") }),
    );
  });
});
