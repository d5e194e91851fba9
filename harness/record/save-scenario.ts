// `triad save-scenario`: writes what was done to a zone by hand as a scenario file that does it again.

import { existsSync, writeFileSync } from "node:fs";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { Answer } from "#api/answers.ts";
import type { SaveScenarioOptions } from "#api/zone-options.ts";
import { parseScenario } from "#scenario-file/parse-scenario.ts";
import { scenarioText } from "#scenario-file/scenario-text.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { VerdictsFile } from "#spec/verdict.ts";
import { findKept } from "#zones/kept-files.ts";
import { readNote, recordFacts, writeNote } from "#zones/record-files.ts";
import { readRecorded } from "./recorded-events.ts";
import { stepsDone } from "./steps-done.ts";

/** What the last judgement found; the file expects it again. */
interface LastVerdicts {
  kept: string[];
  broken: string[];
}

export function noteVerdicts(name: string, { entries }: VerdictsFile): void {
  const ids = (verdict: string) => entries.filter((one) => one.verdict === verdict).map(({ id }) => id);
  writeNote(name, "verdicts", { kept: ids("kept"), broken: ids("broken") } satisfies LastVerdicts);
}

/** @throws HarnessError `usage/no-record`, `usage/nothing-done`; `usage/bad-value` when the file exists. */
export async function saveScenario({ file, zone }: SaveScenarioOptions): Promise<Answer> {
  const { name, plan } = findKept(zone);
  const facts = recordFacts(name);
  if (!facts) throw new HarnessError("usage/no-record", `zone ${name} has no record`);
  if (existsSync(file)) throw new HarnessError("usage/bad-value", `${file} exists already`, { expected: "a new file" });
  const { steps, comments, left } = stepsDone((await readRecorded(name)).events);
  if (!steps.some(({ step }) => step === "provoke"))
    throw new HarnessError("usage/nothing-done", `no fault was done in zone ${name}`);
  const { tier, stores } = plan.spec;
  const zoneHead = {
    ...(tier === defaultZoneSpec.tier ? {} : { tier }),
    ...(stores === defaultZoneSpec.stores ? {} : { stores }),
  };
  const verdicts = readNote<LastVerdicts>(name, "verdicts");
  const expect = verdicts && {
    ...(verdicts.kept.length > 0 ? { kept: verdicts.kept } : {}),
    ...(verdicts.broken.length > 0 ? { broken: verdicts.broken } : {}),
  };
  const draft = {
    title: `done by hand in zone ${name} on ${facts.startedAt.slice(0, 10)}`,
    ...(Object.keys(zoneHead).length > 0 ? { zone: zoneHead } : {}),
    ...(expect && Object.keys(expect).length > 0 ? { expect } : {}),
    steps,
  };
  const text = scenarioText(draft, comments);
  parseScenario(text, file);
  write(file, text);
  const lines = [
    `saved ${steps.length} steps to ${file}`,
    ...left.map((one) => `  not in the file: ${one}`),
    ...(verdicts ? [] : [`  it expects no verdicts yet: ./triad judge ${name}, then save it again`]),
    `next: ./triad replay ${file}`,
  ];
  return { summary: lines.join("\n"), data: { file, steps: steps.length, left } };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    throw new HarnessError("usage/bad-value", `${file} cannot be written: ${messageOf(cause)}`, {
      expected: "a new file in a folder that exists",
      cause,
    });
  }
}
