// Writes a scenario as a file that the reader gives back. For zones that were broken by hand, for imports, and for
// scenarios that were made smaller.

import { Document, isMap, isSeq, stringify, visit } from "yaml";
import type { FaultSpec } from "#spec/faults.ts";
import type { Step } from "#spec/steps.ts";
import type { ScenarioHead } from "./head-shape.ts";
import { shortFields } from "./step-shapes.ts";
import { durationOf } from "./values.ts";

export interface ScenarioDraft extends ScenarioHead {
  steps: readonly Step[];
}

/** Where editors find the schema, from a file in a folder of fixtures. */
const editorLine = " yaml-language-server: $schema=../../docs/schema/scenario.schema.json";

/** The text of a scenario file. `comments`: a line above the step of that place. */
export function scenarioText(
  { steps, ...head }: ScenarioDraft,
  comments: ReadonlyMap<number, string> = new Map(),
): string {
  const document = new Document({ ...head, steps: steps.map(itemOf) }, { aliasDuplicateObjects: false });
  document.commentBefore = editorLine;
  visit(document, {
    Map(_, map, path) {
      // One line for each step: its mapping and everything in it.
      if (path.some(isSeq) && !holdsSteps(map))
        map.flow = path.filter(isSeq).length > 0 && path.some((one) => isMap(one));
    },
  });
  const list = document.get("steps");
  if (isSeq(list))
    for (const [place, text] of comments) {
      const item = list.items[place];
      if (item && typeof item === "object" && "commentBefore" in item)
        item.commentBefore = ` ${text.replaceAll("\n", " ")}`;
    }
  return document.toString({ lineWidth: 110, flowCollectionPadding: true });
}

/** A step as a file has it, on one line. */
export function stepText(step: Step): string {
  return stringify(itemOf(step), { collectionStyle: "flow", flowCollectionPadding: true, lineWidth: 0 }).trim();
}

function holdsSteps(map: { toJSON(): unknown }): boolean {
  const text = JSON.stringify(map.toJSON());
  return /"(?:steps|branches)":/.test(text);
}

/** A step as the file has it. */
function itemOf(step: Step): unknown {
  const { step: name, ...fields } = step;
  if (step.step === "provoke") return provokeItem(step);
  if (step.step === "parallel") return { parallel: { branches: step.branches.map((one) => one.map(itemOf)) } };
  if ("steps" in step) return { [name]: { ...withDurations(fields), steps: step.steps.map(itemOf) } };
  const written = withDurations(fields);
  const [[only, value] = [], ...others] = Object.entries(written);
  if (only === undefined) return name;
  const isShort = others.length === 0 && shortFields[name as keyof typeof shortFields] === only;
  return { [name]: isShort ? value : written };
}

function provokeItem({ faults, to }: { faults: FaultSpec[]; to?: string }): unknown {
  const [first, ...others] = faults.map((one) => withDurations(one));
  const target = to === undefined ? {} : { to };
  return others.length === 0 ? { ...first, ...target } : { provoke: { faults: [first, ...others], ...target } };
}

/** Fields of milliseconds as a person writes them. */
function withDurations(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "number" && /(?:^ms|Ms)$/.test(name) ? durationOf(value) : value,
    ]),
  );
}
