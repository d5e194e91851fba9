// `triad doctor`: judges whether this machine can run a gate. Pure: gather-facts.ts gathers the facts.

import type { Check, Facts } from "./check.ts";
import { daemonChecks } from "./daemon-checks.ts";
import { kernelChecks, machineChecks } from "./machine-checks.ts";

const nodeMajorMin = 24;

/** Every check, in the order in which to fix them. */
export function checksOf(facts: Facts): Check[] {
  return [checkNode(facts), ...daemonChecks(facts), ...kernelChecks(facts), ...machineChecks(facts)];
}

/** True when nothing that a run needs is missing. */
export function isFit(checks: readonly Check[]): boolean {
  return checks.every((check) => check.isOk || !check.isNeeded);
}

function checkNode({ nodeVersion }: Facts): Check {
  return {
    name: "node",
    isOk: Number(nodeVersion.replace(/^v/, "").split(".")[0]) >= nodeMajorMin,
    isNeeded: true,
    found: nodeVersion,
    matters: "the harness runs TypeScript without a build step",
    remedy: `Install Node.js ${nodeMajorMin} or newer, or let ./triad install the locked version.`,
  };
}
