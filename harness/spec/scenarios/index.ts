// Every suite's scenarios, by suite name. A name that is not here is an error, never an empty run. A scenario that
// decides entries of several sections is listed with each of them. Its `suite` is the one that it belongs to.

import { HarnessError } from "#base/errors.ts";
import { didYouMean } from "#base/nearest.ts";
import type { ScenarioSpec } from "../scenario.ts";
import { bootstrapScenarios } from "./bootstrap.ts";
import { diskRotScenarios } from "./disk-rot.ts";
import { durabilityScenarios } from "./durability.ts";
import { failureScenarios } from "./failure.ts";
import { gatesScenarios } from "./gates.ts";
import { mechanicsScenarios } from "./mechanics.ts";
import { monitoringScenarios } from "./monitoring.ts";
import { recoveryScenarios } from "./recovery.ts";
import { withFailoverTime, withInspectedEntries } from "./parts.ts";
import { quorumLossScenarios } from "./quorum-loss.ts";
import { pairScenarios } from "./pairs.ts";
import { securityScenarios } from "./security.ts";
import { steadyScenarios } from "./steady.ts";
import { unevenLossScenarios } from "./uneven-loss.ts";

const declared: Record<string, readonly ScenarioSpec[]> = {
  failure: [...quorumLossScenarios, ...failureScenarios],
  gates: gatesScenarios,
  ...steadyScenarios,
  storage: [...steadyScenarios.storage, ...pairScenarios.exchange],
  bootstrap: bootstrapScenarios,
  mechanics: mechanicsScenarios,
  security: securityScenarios,
  monitoring: [...monitoringScenarios, ...pairScenarios.exchange],
  recovery: [...recoveryScenarios, ...pairScenarios.recovery],
  durability: durabilityScenarios,
  "disk-rot": diskRotScenarios,
  "uneven-loss": unevenLossScenarios,
};

/** A scenario of several suites stays one object. */
const known = new Map<ScenarioSpec, ScenarioSpec>();
function complete(scenario: ScenarioSpec): ScenarioSpec {
  const found = known.get(scenario) ?? withFailoverTime(withInspectedEntries(scenario));
  known.set(scenario, found);
  return found;
}

export const suites: Record<string, readonly ScenarioSpec[]> = Object.fromEntries(
  Object.entries(declared).map(([suite, scenarios]) => [suite, scenarios.map(complete)]),
);

/** Suites beyond the pattern. They run only when they are named. */
const apart = ["disk-rot", "uneven-loss"];

/** @throws HarnessError `usage/unknown-suite` */
export function scenariosOf(suite: string): readonly ScenarioSpec[] {
  const found = Object.hasOwn(suites, suite) ? suites[suite] : undefined;
  if (!found) {
    const names = Object.keys(suites);
    throw new HarnessError("usage/unknown-suite", `unknown suite "${suite}"`, {
      expected: didYouMean(suite, names, names.join(", ")),
    });
  }
  return found;
}

/** @throws HarnessError `usage/unknown-suite`, `usage/unknown-scenario` */
export function scenarioNamed(suite: string, name: string): ScenarioSpec {
  const found = scenariosOf(suite).find((one) => one.name === name);
  if (!found) throw new HarnessError("usage/unknown-scenario", `suite ${suite} has no scenario "${name}"`);
  return found;
}

/**
 * The scenarios of a selection by suite and entry, in their order.
 *
 * @throws HarnessError `usage/unknown-suite`, `usage/unknown-entry`
 */
export function select(suiteNames: readonly string[], only: readonly string[]): ScenarioSpec[] {
  const names = suiteNames.length > 0 ? suiteNames : Object.keys(suites).filter((name) => !apart.includes(name));
  const all = [...new Set(names.flatMap((name) => scenariosOf(name)))];
  if (only.length === 0) return all;
  for (const id of only)
    if (!all.some((one) => one.provokes.includes(id)))
      throw new HarnessError("usage/unknown-entry", `no scenario of ${suitesText(suiteNames)} decides ${id}`, {
        expected: suitesFor(id),
      });
  return all.filter((one) => one.provokes.some((id) => only.includes(id)));
}

function suitesText(names: readonly string[]): string {
  return names.length > 0 ? `suite ${names.join(", ")}` : "the default suites";
}

/** The suites that a person may have meant. */
function suitesFor(id: string): string {
  const names = Object.keys(suites).filter((name) => scenariosOf(name).some((one) => one.provokes.includes(id)));
  return names.length > 0 ? `--suite ${names.join(" or --suite ")}` : "an entry that a scenario decides";
}
