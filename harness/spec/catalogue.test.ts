// The reader of the catalogue takes all of it, or refuses it and names what is wrong.

import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { catalogueOf, entryIdsOf } from "./catalogue.ts";

const fixture = (name: string) => readFileSync(join(import.meta.dirname, "../../fixtures", name), "utf8");
const carried = catalogueOf(fixture("catalogue.yaml"));

/**
 * Entries of each section, numbered without a gap. A new statement must be added here too, so none gets lost unnoticed.
 */
const sections: [section: string, family: string, first: number, last: number][] = [
  ["roles", "ROLE", 1, 4],
  ["network", "NET", 1, 5],
  ["security", "SEC", 1, 12],
  ["storage", "STO", 1, 7],
  ["durability", "DUR", 1, 10],
  ["rpc", "RPC", 1, 3],
  ["gates", "GATE", 1, 7],
  ["dual_active", "DUAL", 0, 5],
  ["mechanics", "MECH", 1, 4],
  ["failure", "FAIL", 1, 10],
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
    expect(carried).toHaveLength(97);
  });

  it("holds every row of the failure table, with its promise and its evidence", () => {
    const rows = carried.filter((entry) => entry.section === "failure").map((entry) => entry.id);
    expect(rows).toEqual([
      "FAIL-1",
      "FAIL-2",
      "FAIL-3",
      "FAIL-4",
      "FAIL-5",
      "FAIL-6",
      "FAIL-7",
      "FAIL-8",
      "FAIL-9",
      "FAIL-10",
      "TIME-1",
    ]);
    expect(carried.find((entry) => entry.id === "TIME-1")).toMatchObject({
      says: expect.stringContaining("5 to 30 s"),
      mutant: expect.any(String),
    });
  });

  it("reads a comma inside an unquoted sentence as part of it", () => {
    expect(carried.find((entry) => entry.id === "ROLE-1")?.decide).toBe(
      "VIP owner, process owning the VIP socket, raft peers",
    );
  });

  it("takes the slug of a monitor from the monitor's own table", () => {
    expect(carried.find((entry) => entry.id === "MON-7")?.slug).toBe("voters-visible");
  });

  it("shares no id and no slug with what is observed beyond the pattern", () => {
    const names = [...carried, ...catalogueOf(fixture("beyond.yaml"))].flatMap(({ id, slug }) => [id, slug]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ["a promise left out", "a: {FAIL-1: {slug: a-b, decide: x}}", /FAIL-1 has no field "says"/],
    ["an unknown field", "a: {FAIL-1: {says: x, sais: y}}", /has the field "sais"/],
    ["an id in two sections", "a: {FAIL-1: {slug: a-b, says: x}}\nb: {FAIL-1: {slug: a-c, says: y}}", /listed twice/],
    ["an id twice in a section", "a:\n  FAIL-1: {says: x}\n  FAIL-1: {says: y}", /not YAML/],
    [
      "a slug twice",
      "a: {FAIL-1: {slug: a-b, says: x}, FAIL-2: {slug: a-b, says: y}}",
      /FAIL-1 and FAIL-2 have the slug/,
    ],
    ["a slug left out", "a: {FAIL-1: {says: x}}", /FAIL-1 has the slug ""/],
    ["a slug of one word", "a: {FAIL-1: {slug: alpha, says: x}}", /has the slug "alpha"/],
    ["a slug with capitals", "a: {FAIL-1: {slug: Alpha-fails, says: x}}", /has the slug "Alpha-fails"/],
    ["a second source for a monitor's slug", "a: {MON-1: {slug: a-b, says: x}}", /MON-1 has a slug/],
    ["a name that is no id", "a: {fail1: {says: x}}", /"fail1" is not an entry id/],
    ["no entry", "a: {}", /has no entry/],
    ["a list", "- a", /not a table/],
  ])("refuses %s", (_what, text, words) => {
    expect(() => catalogueOf(text)).toThrow(words);
  });
});

describe("an entry", () => {
  it("is named by its id or its slug, mixed, in the order given, each once", () => {
    expect(entryIdsOf(carried, ["failover-time", "FAIL-1", "alpha-fails", "voters-visible"])).toEqual([
      "TIME-1",
      "FAIL-1",
      "MON-7",
    ]);
  });

  it.each([
    ["FAIL1", "did you mean FAIL-1?"],
    ["alpha-isolatd", "did you mean alpha-isolated?"],
    ["quantum", "an id or a slug, as in FAIL-1 or alpha-fails"],
  ])("called %j is refused with %j", (word, expected) => {
    expect(() => entryIdsOf(carried, [word])).toThrow(
      expect.objectContaining({ code: "usage/unknown-entry", expected }),
    );
  });
});
