// From the steps of a scenario file to steps of the harness. Loops, sweeps and chances are written out here. A trial
// looks at every value that a sweep or a chance may bring, and counts; it writes no loop out, so it is cheap.

import { z } from "zod";
import { didYouMean } from "#base/nearest.ts";
import type { Random } from "#base/random.ts";
import { faultNames, type FaultSpec, isFaultName, optionsOf } from "#spec/faults.ts";
import type { LocalStep, Step } from "#spec/steps.ts";
import { type AnyBlockName, blockNames, blockShapes, isBlockName } from "./block-shapes.ts";
import { faultFields } from "./fault-fields.ts";
import { ProblemList } from "./problem-list.ts";
import { brief, shaped } from "./problems.ts";
import { type Bindings, type Choices, combinationsOf, drawnRound, eachValue, everyRound } from "./rounds.ts";
import type { Path, Problem } from "./source.ts";
import { shortFields, stepShapes } from "./step-shapes.ts";
import { serviceNode } from "./values.ts";

const depthMax = 8;
/** Sweeps inside of sweeps multiply: a trial looks at so many lists of steps. */
const trialMax = 20_000;
/** Stands for a name without a value, until the file is refused. */
const unbound = "$?";
/** Steps after every loop is written out, and the time that they take at least. */
export const stepsMax = 2_000;
export const lengthMaxMs = 3_600_000;

export interface Expanded {
  steps: Step[];
  /** Steps with every loop written out. */
  count: number;
  /** The sum of what the steps let pass, in any case. */
  leastMs: number;
}

/** Where steps stand, and what the names around them stand for. */
interface Place {
  path: Path;
  bound: Bindings;
  depth: number;
}

type Take = (more?: Bindings) => Expanded;

const stepNames = [...Object.keys(stepShapes), ...blockNames, "provoke"];
const provokeShape = z.strictObject({ faults: z.array(z.unknown()).min(1).max(20), to: serviceNode.optional() });

export class Expansion {
  readonly #random: Random | undefined;
  readonly #found = new ProblemList();
  #tried = 0;

  /** @param random draws the chances; without it, this is a trial. */
  constructor(random?: Random) {
    this.#random = random;
  }

  get problems(): readonly Problem[] {
    return this.#found.problems;
  }

  steps(items: unknown, place: Place = { path: ["steps"], bound: {}, depth: 0 }): Expanded {
    const { path, bound, depth } = place;
    if ((this.#tried += 1) > trialMax)
      return this.#wrong(["steps"], "sweeps inside of sweeps come to too many steps", `at most ${stepsMax} steps`);
    if (depth > depthMax) return this.#wrong(path, "steps are nested too deeply", `at most ${depthMax} levels`);
    if (items === undefined) return this.#wrong(path, `"${String(path.at(-1))}" is missing`, "a list of steps");
    if (!Array.isArray(items) || items.length === 0)
      return this.#wrong(path, `${brief(items)} is no list of steps`, "a list with a step");
    return together(items.map((item, at) => this.#item(item, { path: [...path, at], bound, depth })));
  }

  #item(item: unknown, place: Place): Expanded {
    const { path } = place;
    if (typeof item === "string") return this.#leaf(item, {}, place);
    if (!isRecord(item)) return this.#wrong(path, `${brief(item)} is no step`, "a step, such as: hold: 3s");
    if ("fault" in item) return this.#fault(item, place);
    const [name, ...others] = Object.keys(item);
    if (name === undefined || others.length > 0)
      return this.#wrong(path, `a step has one key, its name, and this one has ${Object.keys(item).length}`);
    const inside = { ...place, path: [...path, name] };
    if (isBlockName(name)) return this.#block(name, item[name], inside);
    if (name === "provoke") return this.#provoke(item[name], inside);
    return this.#leaf(name, item[name], inside);
  }

  #leaf(name: string, given: unknown, place: Place): Expanded {
    const { path } = place;
    if (!isStepName(name)) {
      const known = didYouMean(name, [...stepNames, ...faultNames], "a step of docs/scenario-files.md");
      const of = path.at(-1) === name ? { path: path.slice(0, -1), key: name } : { path };
      const expected = isFaultName(name) ? `write { fault: ${name}, … }` : known;
      return this.#tell({ ...of, what: `unknown step "${name}"`, expected });
    }
    const filled = this.#filled(given, place);
    const fields = this.#shaped(z.strictObject(stepShapes[name]), named(name, filled), path);
    if (!fields) return nothing;
    if (name === "pace" && Object.keys(fields).length !== 1)
      return this.#wrong(path, "pace takes either appendPerS or inFlight");
    const leastMs = name === "hold" ? Number((fields as Record<string, unknown>)["ms"]) : 0;
    return { steps: [{ step: name, ...fields } as Step], count: 1, leastMs };
  }

  #fault(item: Record<string, unknown>, place: Place): Expanded {
    const { to, ...given } = this.#filled(item, place) as Record<string, unknown>;
    const target = to === undefined ? {} : this.#shaped(z.object({ to: serviceNode }), { to }, place.path);
    const fault = this.#spec(given, place.path);
    return fault && target
      ? { steps: [{ step: "provoke", faults: [fault], ...target } as Step], count: 1, leastMs: 0 }
      : nothing;
  }

  #provoke(given: unknown, place: Place): Expanded {
    const { path } = place;
    const shape = this.#shaped(provokeShape, this.#filled(given, place), path);
    if (!shape) return nothing;
    const faults = shape.faults.flatMap((one, at) => {
      const inside = [...path, "faults", at];
      const fault = isRecord(one) ? this.#spec(one, inside) : undefined;
      if (!isRecord(one)) this.#wrong(inside, `${brief(one)} is no fault`, "{ fault: kill, node: alpha }");
      return fault ? [fault] : [];
    });
    return { steps: [{ ...shape, step: "provoke", faults } as Step], count: 1, leastMs: 0 };
  }

  #spec({ fault: name, ...given }: Record<string, unknown>, path: Path): FaultSpec | undefined {
    if (typeof name !== "string" || !isFaultName(name)) {
      const expected = didYouMean(typeof name === "string" ? name : "", faultNames, faultNames.join(", "));
      this.#wrong([...path, "fault"], `unknown fault ${brief(name)}`, expected);
      return undefined;
    }
    const fields = this.#shaped(optionsOf(name), faultFields(name, given), path);
    return fields && ({ fault: name, ...fields } as FaultSpec);
  }

  #block(name: AnyBlockName, given: unknown, place: Place): Expanded {
    const { path, bound, depth } = place;
    const inner = name === "parallel" ? "branches" : "steps";
    if (!isRecord(given)) return this.#wrong(path, `${brief(given)} is no ${name}`, `{ ${inner}: [ … ] }`);
    const { [inner]: body, ...rest } = given;
    const head = this.#shaped(blockShapes[name], this.#filled(rest, place), path);
    if (!head) return nothing;
    const inside = { path: [...path, inner], depth: depth + 1 };
    const take: Take = (more = {}) => this.steps(body, { ...inside, bound: { ...bound, ...more } });
    if (name === "parallel") return this.#parallel(body, { ...inside, bound });
    const { times = 1 } = head as { times?: number };
    if (name === "loop") return this.#repeated(times, take, path);
    if (name === "sweep") return this.#sweep((head as { over: Choices }).over, take, path);
    if (name === "random") return this.#chances(head as { choose: Choices; times: number }, take, path);
    const { steps, count, leastMs } = take();
    const { ms = 0 } = head as { ms?: number };
    const whole = { steps: [{ step: name, ...head, steps } as Step], count: 1 + count * times };
    return this.#limited({ ...whole, leastMs: Math.max(leastMs, ms) * times }, path);
  }

  #parallel(body: unknown, place: Place): Expanded {
    if (!Array.isArray(body) || body.length < 2)
      return this.#wrong(place.path, "parallel needs branches", "two lists of steps, or more");
    const branches = body.map((one, at) => this.steps(one, { ...place, path: [...place.path, at] }));
    const step = { step: "parallel", branches: branches.map(({ steps }) => steps as LocalStep[]) } as const;
    const { count } = together(branches);
    return { steps: [step], count: count + 1, leastMs: Math.max(...branches.map(({ leastMs }) => leastMs)) };
  }

  #repeated(times: number, take: Take, path: Path): Expanded {
    if (this.#random) return together(Array.from({ length: times }, () => take()));
    const { steps, count, leastMs } = take();
    return this.#limited({ steps, count: count * times, leastMs: leastMs * times }, path);
  }

  #sweep(over: Choices, take: Take, path: Path): Expanded {
    if (this.#random) return together(everyRound(over, path).map(take));
    return this.#times(combinationsOf(over), eachValue(over, [...path, "over"]).map(take), path);
  }

  #chances({ choose, times }: { choose: Choices; times: number }, take: Take, path: Path): Expanded {
    const random = this.#random;
    if (random) return together(Array.from({ length: times }, () => take(drawnRound(choose, random))));
    return this.#times(times, eachValue(choose, [...path, "choose"]).map(take), path);
  }

  /** The longest of the rounds stands for each. */
  #times(times: number, rounds: readonly Expanded[], path: Path): Expanded {
    const most = (of: (one: Expanded) => number) => Math.max(0, ...rounds.map(of)) * times;
    const steps = rounds[0]?.steps ?? [];
    return this.#limited({ steps, count: most(({ count }) => count), leastMs: most((one) => one.leastMs) }, path);
  }

  #limited(whole: Expanded, path: Path): Expanded {
    const { count, leastMs } = whole;
    if (count > stepsMax) return this.#wrong(path, `this comes to ${count} steps`, `at most ${stepsMax} steps`);
    const [leastS, mostS] = [Math.round(leastMs / 1_000), lengthMaxMs / 1_000];
    return leastS > mostS ? this.#wrong(path, `this takes ${leastS} s at least`, `at most ${mostS} s`) : whole;
  }

  /** `$name` in place of a value takes what the name stands for. Steps inside are filled when they are reached. */
  #filled(value: unknown, place: Place): unknown {
    const { path, bound } = place;
    const inside = (key: string | number) => ({ ...place, path: [...path, key] });
    if (typeof value === "string" && value.startsWith("$")) {
      const name = value.slice(1);
      const given = Object.hasOwn(bound, name) ? bound[name] : undefined;
      if (given) {
        this.#found.standsFor(path, given.path);
        return given.value;
      }
      const names = Object.keys(bound);
      const known = names.length > 0 ? names.join(", ") : "a sweep or a random around it";
      this.#wrong(path, `nothing gives ${value} a value`, didYouMean(name, names, known));
      return unbound;
    }
    if (Array.isArray(value)) return value.map((one, at) => this.#filled(one, inside(at)));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#filled(one, inside(key))]));
  }

  #shaped<T extends z.ZodType>(shape: T, value: unknown, path: Path): z.output<T> | undefined {
    const found = shaped(shape, value, path);
    if (!found.problems) return found.value as z.output<T>;
    // A name without a value was told already.
    if (!JSON.stringify(value ?? null).includes(unbound)) for (const problem of found.problems) this.#tell(problem);
    return undefined;
  }

  #wrong(path: Path, what: string, expected?: string): Expanded {
    return this.#tell({ path, what, ...(expected ? { expected } : {}) });
  }

  #tell(problem: Problem): Expanded {
    this.#found.tell(problem);
    return nothing;
  }
}

/** Nothing that a run could take. */
const nothing: Expanded = { steps: [], count: 0, leastMs: 0 };

function together(all: readonly Expanded[]): Expanded {
  const sum = (of: (one: Expanded) => number) => all.reduce((total, one) => total + of(one), 0);
  const steps = all.flatMap((one) => one.steps);
  return { steps, count: sum(({ count }) => count), leastMs: sum(({ leastMs }) => leastMs) };
}

/** A value without a name, as in `hold: 3s`, is that of the step's main field. */
function named(step: keyof typeof stepShapes, value: unknown): unknown {
  const field = shortFields[step];
  if (value === null || value === undefined) return {};
  return field !== undefined && !isRecord(value) ? { [field]: value } : value;
}

function isStepName(name: string): name is keyof typeof stepShapes {
  return Object.hasOwn(stepShapes, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
