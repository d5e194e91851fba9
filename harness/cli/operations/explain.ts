// `triad explain`: the gaps of a profile, in words.

import type { Answer } from "#api/answers.ts";
import { readNodeContract } from "#profile/read-profile.ts";
import { type Weakness, weakerEntries } from "#profile/weaker-entries.ts";

export async function explain(path: string): Promise<Answer> {
  const contract = readNodeContract(path);
  const gaps = weakerEntries(contract);
  const head = `${contract.name}: ${gaps.length === 0 ? "the profile leaves nothing out" : "the profile leaves out"}`;
  return { summary: [head, ...gaps.map(lineOf)].join("\n"), data: { name: contract.name, gaps } };
}

function lineOf({ key, effect, why, entries }: Weakness): string {
  const which = entries.length > 0 ? `${effect}: ${entries.join(", ")}` : "no entry is weaker";
  return `  ${key}\n      ${which}\n      ${why}`;
}
