// Which mutants can be laid over a zone with the controller of an image.

import { describe, expect, it } from "@jest/globals";
import { mutantNames, readMutant } from "#run/mutants.ts";
import { layable } from "./prove.ts";

const all = mutantNames().map(readMutant);
const namesOf = (controller: string | undefined) =>
  layable(all, { controller, isNamed: false }).map(({ name }) => name);

describe("prove with another controller", () => {
  it("leaves out mutants of the reference controller, of its supervision, and of a second one of it", () => {
    expect(namesOf(undefined)).toHaveLength(all.length);
    const fitting = namesOf("bsfg.tar");
    expect(fitting).toEqual(expect.arrayContaining(["net-5-static-vip-on-beta", "dual-1-notify-ignores-fault"]));
    const changing = ["dual-2-binds-wildcard", "dual-3-gates-skipped", "dual-5-restart-always", "gate-7-crash-loop"];
    expect(fitting.filter((name) => changing.includes(name))).toEqual([]);
  });

  it("refuses such a mutant that is named", () => {
    const mutants = [readMutant("dual-2-binds-wildcard"), readMutant("net-5-static-vip-on-beta")];
    expect(() => layable(mutants, { controller: "bsfg.tar", isNamed: true })).toThrow(
      expect.objectContaining({ code: "controller/cannot-change", message: expect.stringContaining("dual-2") }),
    );
  });
});
