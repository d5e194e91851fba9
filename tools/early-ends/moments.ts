// The moments at which a run is ended. Each is read from the folder that the run writes, so it does not depend on the
// speed of the machine. The plan has two scenarios, and the first one injects a fault.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** In the order in which they come. */
export const moments = ["opening", "starting", "faulty", "second", "read-back"] as const;
export type Moment = (typeof moments)[number];

export const momentWords: Record<Moment, string> = {
  opening: "the engine starts",
  starting: "the first zone starts",
  faulty: "a fault stands",
  second: "the second scenario began",
  "read-back": "the second scenario read its facts back",
};

/** Texts of the histories so far, by scenario folder. The one that is being written may end in half a line. */
export function historiesIn(folder: string): Record<string, string> {
  const scenarios = join(folder, "scenarios");
  if (!existsSync(scenarios)) return {};
  const names = readdirSync(scenarios).filter((name) => existsSync(join(scenarios, name, "history.jsonl")));
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(scenarios, name, "history.jsonl"), "utf8")] as const),
  );
}

const readBack = (text: string) => text.includes('"mark":"audited"');

export function hasCome(moment: Moment, folder: string): boolean {
  if (moment === "opening") return existsSync(join(folder, "plan.json"));
  if (moment === "starting") return existsSync(join(folder, "run.json"));
  const texts = Object.values(historiesIn(folder));
  if (moment === "faulty") return texts.some((text) => text.includes('"phase":"effective"'));
  if (moment === "second") return texts.length === 2;
  return texts.length === 2 && texts.every(readBack);
}

/** Scenarios whose facts were read back by now: they may still be judged. */
export function completeIn(folder: string): string[] {
  return Object.entries(historiesIn(folder)).flatMap(([name, text]) => (readBack(text) ? [name] : []));
}

/** Scenarios that were judged by now. */
export function judgedIn(folder: string): string[] {
  return Object.keys(historiesIn(folder)).filter((name) =>
    existsSync(join(folder, "scenarios", name, "findings.json")),
  );
}
