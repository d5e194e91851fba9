// The reader of scenario files: text in, a checked scenario out. A file that is wrong anywhere is refused as a whole,
// with the line and the column of each mistake.

import { didYouMean } from "#base/nearest.ts";
import { seeded } from "#base/random.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { always, withFailoverTime, withInspectedEntries } from "#spec/scenarios/parts.ts";
import type { Step } from "#spec/steps.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import { Expansion, lengthMaxMs, stepsMax } from "./expand.ts";
import { headShape, type ScenarioHead } from "./head-shape.ts";
import { brief, shaped } from "./problems.ts";
import { type Problem, type Source, sourceOf } from "./source.ts";

/** Scenarios from files belong to this suite. */
export const replaySuite = "replay";

export interface ScenarioFile {
  head: ScenarioHead;
  /**
   * The scenario with its loops, sweeps and chances written out.
   *
   * @param seed draws the chances.
   */
  scenario(as: { name: string; seed: number }): ScenarioSpec;
}

export interface ParseOptions {
  /** Ids of the catalogue; an entry of the file that is none of them is refused. */
  known?: readonly string[];
}

/**
 * Parses a scenario file.
 *
 * @param from how the file is called in refusals.
 * @throws HarnessError `usage/bad-scenario` with line, column and a suggestion.
 */
export function parseScenario(text: string, from: string, { known }: ParseOptions = {}): ScenarioFile {
  const source = sourceOf(text, from);
  const { data } = source;
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return source.refuse([
      { path: [], what: `${brief(data)} is no scenario`, expected: "a mapping with title and steps" },
    ]);
  const { steps, ...rest } = data as Record<string, unknown>;
  const found = shaped(headShape, rest, []);
  const trial = new Expansion();
  const whole = trial.steps(steps);
  const problems = [...(found.problems ?? []), ...trial.problems];
  if (problems.length > 0) return source.refuse(problems);
  const head = found.value as ScenarioHead;
  refuseWhole(source, { head, count: whole.count, leastMs: whole.leastMs, steps: whole.steps, known });
  return { head, scenario: (as) => scenarioFrom(head, steps, as) };
}

interface Whole {
  head: ScenarioHead;
  count: number;
  leastMs: number;
  steps: readonly Step[];
  known: readonly string[] | undefined;
}

/** What only the whole file shows. */
function refuseWhole(source: Source, { head, count, leastMs, steps, known }: Whole): void {
  const problems: Problem[] = [];
  if (count > stepsMax)
    problems.push({ path: ["steps"], what: `the file comes to ${count} steps`, expected: `at most ${stepsMax} steps` });
  if (leastMs > lengthMaxMs)
    problems.push({
      path: ["steps"],
      what: `the file takes ${Math.round(leastMs / 1_000)} s at least`,
      expected: `at most ${lengthMaxMs / 1_000} s`,
    });
  const needs = steps.find(({ step }) => step === "at-peer" || step === "await-copies");
  if (needs && head.peers !== 2)
    problems.push({ path: ["steps"], what: `${needs.step} needs a second zone`, expected: "peers: 2" });
  if (steps.some(({ step }) => step === "await-monitors") && head.monitors !== true)
    problems.push({ path: ["steps"], what: "await-monitors needs the monitors", expected: "monitors: true" });
  const named = [
    { path: ["entries"], ids: head.entries },
    ...Object.entries(head.expect ?? {}).map(([verdict, ids]) => ({ path: ["expect", verdict], ids })),
  ];
  for (const { path, ids = [] } of named)
    for (const [place, id] of ids.entries())
      if (known && !known.includes(id))
        problems.push({
          path: [...path, place],
          what: `unknown entry ${id}`,
          expected: didYouMean(id, known, "an id that ./triad list entries shows"),
        });
  if (problems.length > 0) source.refuse(problems);
}

function scenarioFrom(
  head: ScenarioHead,
  items: unknown,
  { name, seed }: { name: string; seed: number },
): ScenarioSpec {
  const { steps } = new Expansion(seeded(seed)).steps(items);
  const { zone, load, monitors, clientsInside, start, peers } = head;
  const entries = entriesOf(head);
  const paced: Step[] = load ? [{ step: "pace", ...load } as Step] : [];
  return withFailoverTime(
    withInspectedEntries({
      name,
      suite: replaySuite,
      entries,
      provokes: entries,
      ...(zone ? { zone: zoneFrom(zone) } : {}),
      ...(peers ? { peers } : {}),
      ...(start ? { start } : {}),
      ...(monitors ? { monitors } : {}),
      ...(clientsInside ? { clientsInside } : {}),
      steps: [...paced, ...steps],
    }),
  );
}

/** The entries that the file is judged by. */
function entriesOf({ entries = always, expect = {} }: ScenarioHead): string[] {
  return [...new Set([...entries, ...Object.values(expect).flatMap((ids) => ids ?? [])])];
}

/** A part of a setting leaves its other parts as they are in the reference zone. */
function zoneFrom(zone: NonNullable<ScenarioHead["zone"]>): Partial<ZoneSpec> {
  const whole = Object.entries(zone).map(([name, value]) => {
    const usual: unknown = defaultZoneSpec[name as keyof ZoneSpec];
    const isParts = typeof value === "object" && typeof usual === "object";
    return [name, isParts ? { ...usual, ...value } : value] as const;
  });
  return Object.fromEntries(whole) as Partial<ZoneSpec>;
}
