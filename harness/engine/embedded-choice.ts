// What makes one embedded engine another one: the Debian suite that it is made from, and the control group of its
// containers. Both come from the environment, so that every command of a session means the same engine.

import { HarnessError } from "#base/errors.ts";

/** Debian suites that dockerd is taken from: trixie has 26, forky has 28. */
export const engineSuites = ["trixie", "forky"] as const;
export type EngineSuite = (typeof engineSuites)[number];

export interface EmbeddedChoice {
  suite: EngineSuite;
  /** Absolute, in each hierarchy. */
  cgroupParent: string;
}

const usual: EmbeddedChoice = { suite: "trixie", cgroupParent: "/triad" };
const groupShape = /^(?:\/[a-z0-9][a-z0-9_-]{0,40}){1,3}$/;

/** @throws HarnessError `engine/bad-choice` */
export function embeddedChoice(environment: NodeJS.ProcessEnv = process.env): EmbeddedChoice {
  const asked = environment["TRIAD_ENGINE_SUITE"] || usual.suite;
  const suite = engineSuites.find((one) => one === asked);
  if (suite === undefined)
    throw new HarnessError("engine/bad-choice", `TRIAD_ENGINE_SUITE is "${asked}"`, {
      expected: engineSuites.join(" or "),
    });
  const cgroupParent =
    environment["TRIAD_CGROUP_PARENT"] || (suite === usual.suite ? usual.cgroupParent : `/triad-${suite}`);
  if (!groupShape.test(cgroupParent))
    throw new HarnessError("engine/bad-choice", `TRIAD_CGROUP_PARENT is "${cgroupParent}"`, {
      expected: "up to three names of a-z, 0-9, - and _, each after a /",
    });
  return { suite, cgroupParent };
}

/** The folder of such an engine in the cache. Each has its own, so engines that differ run side by side. */
export function folderOf({ suite, cgroupParent }: EmbeddedChoice): string {
  return cgroupParent === usual.cgroupParent && suite === usual.suite
    ? "engine"
    : `engine-${suite}${cgroupParent.replaceAll("/", "-")}`;
}
