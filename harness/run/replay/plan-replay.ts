// Makes the plan of a replay: each file once for each repeat.

import { HarnessError } from "#base/errors.ts";
import { seeded } from "#base/random.ts";
import { type NamedScenario } from "#scenario-file/read-scenario.ts";
import { replaySuite } from "#scenario-file/parse-scenario.ts";
import { everyRun } from "#spec/profile.ts";
import { assemble, bindPlanned, optionsOf, type PlanRequest } from "../make-plan.ts";
import type { PlannedScenario, RunPlan } from "../plan.ts";
import { replayedFile } from "./replayed-file.ts";

export interface ReplayRequest extends Omit<PlanRequest, "suites"> {
  files: readonly NamedScenario[];
  /** How the command line named them. */
  paths: readonly string[];
}

/** The plan holds each file once for each repeat, and plan.json has a limit. */
const textBytesMax = 8 << 20;

/** @throws HarnessError `usage/bad-value` for two files of one name, or too many repeats of long files. */
export function planReplay(request: ReplayRequest): RunPlan {
  const { files, only, repeat, seed } = request;
  const twice = files.find(({ name }, place) => files.findIndex((one) => one.name === name) < place);
  if (twice) throw new HarnessError("usage/bad-value", `two files name the scenario "${twice.name}"`);
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) * repeat;
  if (bytes > textBytesMax)
    throw new HarnessError("usage/bad-value", `${repeat} repeats of these files come to ${bytes} bytes of plan`, {
      expected: `at most ${textBytesMax} bytes; give fewer repeats`,
    });
  const random = seeded(seed);
  const scenarios = Array.from({ length: repeat }, (_, place) =>
    files.map((one) => {
      const planned = { name: one.name, suite: replaySuite, repeat: place + 1, seed: random.below(2 ** 31) };
      const { entries } = one.file.scenario(planned);
      const judged = only.length > 0 ? [...new Set([...only, ...everyRun])] : entries;
      const file = replayedFile(one.name, one.text);
      return bindPlanned({ ...planned, entries: judged, file } satisfies PlannedScenario, request);
    }),
  ).flat();
  const command = ["./triad replay", ...request.paths, ...optionsOf(request)].join(" ");
  return assemble({ ...request, suites: [replaySuite] }, { scenarios, command, random });
}
