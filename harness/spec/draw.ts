// Which node gets which way. A scenario may have several draws: the same ways, on other nodes. A run takes one of them
// for each repeat, in an order that follows from its seed, so that as many repeats as there are draws cover all.

import { seeded } from "#base/random.ts";
import { drawsOf, type ScenarioSpec } from "./scenario.ts";

/** The scenario as one draw has it. Draw 0 is the scenario as it is written. */
export function withDraw(scenario: ScenarioSpec, draw = 0): ScenarioSpec {
  const { draws: _, ...rest } = scenario;
  const steps = drawsOf(scenario)[draw];
  if (!scenario.draws || !steps) return scenario;
  return { ...rest, draw, steps };
}

/**
 * The draw of a repeat: a permutation of the draws, from the seed of the run and the scenario's name, walked by the
 * repeat. Undefined for a scenario with one draw.
 *
 * @param repeat from 1 on
 */
export function drawFor(
  scenario: ScenarioSpec,
  { seed, repeat }: { seed: number; repeat: number },
): number | undefined {
  const count = drawsOf(scenario).length;
  if (count < 2) return undefined;
  const random = seeded(seed ^ numberOf(scenario.name));
  const order = Array.from({ length: count }, (_, draw) => draw);
  for (let place = count - 1; place > 0; place -= 1) {
    const other = random.below(place + 1);
    [order[place], order[other]] = [order[other]!, order[place]!];
  }
  return order[(repeat - 1) % count]!;
}

/** A number of 32 bits for each name (FNV-1a), so that scenarios draw apart. */
function numberOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
