// A scenario from a file on disk, or from several.

import { basename } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { readRegular } from "#base/regular-file.ts";
import { type ParseOptions, parseScenario, type ScenarioFile } from "./parse-scenario.ts";
import { bytesMax } from "./source.ts";

export interface NamedScenario {
  /** The name of the file without its ending; it names the scenario, and its folder in the evidence. */
  name: string;
  text: string;
  file: ScenarioFile;
}

/** @throws HarnessError `usage/bad-scenario` */
export function readScenario(path: string, options: ParseOptions = {}): NamedScenario {
  const text = readRegular(path, { code: "usage/bad-scenario", bytesMax });
  return { name: nameOf(path), text, file: parseScenario(text, path, options) };
}

function nameOf(path: string): string {
  const name = basename(path)
    .replace(/[.]ya?ml$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (/^[a-z0-9][a-z0-9-]{0,79}$/.test(name)) return name;
  throw new HarnessError("usage/bad-scenario", `${path} has a name that cannot name a scenario`, {
    expected: "1 to 80 of a-z, 0-9 and -, and .yaml",
  });
}
