// The record of zones that stay up, and how a command finds a zone.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { ZonePlan } from "#topology/plan.ts";
import { zoneIndexCount } from "#topology/plan-zone.ts";
import { findKept, findRemembered, forget, rememberedZones, reserve, reserveNumbered, saveKept } from "./kept-files.ts";
import { zoneName } from "#cli/parse-option.ts";

const keptNamed = (name: string) => ({ name, plan: { id: `kept-${name}` } as ZonePlan, standing: [] });

let cache = "";
const formerCache = process.env["TRIAD_CACHE"];
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "triad-kept-"));
  process.env["TRIAD_CACHE"] = cache;
});
afterEach(() => {
  rmSync(cache, { recursive: true });
  if (formerCache === undefined) delete process.env["TRIAD_CACHE"];
  else process.env["TRIAD_CACHE"] = formerCache;
});

/** What a crashed process leaves: a reserved name, or half a file. */
function leave(name: string, text: string): void {
  mkdirSync(join(cache, "zones"), { recursive: true });
  writeFileSync(join(cache, "zones", `${name}.json`), text);
}

const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return "nothing was refused";
};

describe("a name that is taken", () => {
  it("is refused to a second zone while the first is being started", () => {
    reserve("a", "kept-a");
    expect(refusal(() => reserve("a", "kept-a"))).toMatchObject({
      code: "usage/bad-value",
      message: `zone a is being started by process ${process.pid}`,
    });
  });

  it("is refused while its zone is up", () => {
    reserve("a", "kept-a");
    saveKept(keptNamed("a"));
    expect(refusal(() => reserve("a", "kept-a"))).toMatchObject({
      message: "zone a is already up",
      remedy: expect.stringContaining("./triad down a"),
    });
  });

  it.each(['{"name":"a","id":"kept-a","starter":"999999999-1"}', '{"name":"a","pl', "", "{}", "null", '{"plan":{}}'])(
    "is refused, with the command that frees it, when its starter left %j",
    (text) => {
      leave("a", text);
      expect(refusal(() => reserve("a", "kept-a"))).toMatchObject({
        message: "the start of zone a was interrupted",
        remedy: expect.stringContaining("./triad down a"),
      });
      expect(findRemembered("a")).toMatchObject({ name: "a", id: "kept-a" });
    },
  );

  it("is free again once it is removed from the record", () => {
    reserve("a", "kept-a");
    forget("a");
    expect(rememberedZones()).toEqual([]);
    reserve("a", "kept-a");
  });
});

describe("the name of a zone that a run leaves running", () => {
  it("is the first free one, and valid for commands", () => {
    leave("kept-2", "{}");
    const names = ["7-1-loss", "7-2-loss", "7-3-loss"].map((id) => reserveNumbered(id).name);
    expect(names).toEqual(["kept-1", "kept-3", "kept-4"]);
    expect(names.map(zoneName("zone name"))).toEqual(names);
  });

  it("is refused when all are taken", () => {
    for (let number = 1; number <= zoneIndexCount; number++) leave(`kept-${number}`, "{}");
    expect(refusal(() => reserveNumbered("7-1-loss"))).toMatchObject({ code: "zone/no-address" });
  });
});

describe("a command that needs a zone that is up", () => {
  it("takes the only one, also while another is being started", () => {
    reserve("b", "kept-b");
    saveKept(keptNamed("a"));
    expect(findKept()).toEqual(keptNamed("a"));
    expect(refusal(() => findKept("b"))).toMatchObject({
      code: "usage/unknown-zone",
      message: expect.stringContaining("is being started"),
    });
  });

  it("must name one of several", () => {
    saveKept(keptNamed("a"));
    saveKept(keptNamed("b"));
    expect(refusal(() => findKept())).toMatchObject({ code: "usage/unknown-zone", expected: "a, b" });
    expect(findKept("b")).toEqual(keptNamed("b"));
  });
});
