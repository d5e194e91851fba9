// Merges the findings of all scenarios into one verdict for each entry: the worst of them.

import { defined } from "#base/defined.ts";
import type { CatalogueEntry } from "#spec/catalogue.ts";
import { type EntryVerdict, type Finding, mergedVerdict } from "#spec/verdict.ts";
import { entryFigures } from "./entry-figures.ts";
import { unknownFinding } from "./judge.ts";

/** A scenario that the plan names; what ran must equal it. */
export interface PlannedScenario {
  scenario: string;
  repeat: number;
  entries: readonly string[];
}

/** The findings over one history. */
export interface JudgedScenario {
  scenario: string;
  repeat: number;
  /** Path of the history inside the evidence folder. */
  history: string;
  /** From the first event of the history to the last one. Absent when it cannot be read. */
  durationS?: number;
  findings: Finding[];
}

/**
 * One verdict for each of `entries`, in their order. A planned scenario without findings and a finding without a plan
 * are both `unknown`: nothing is green because it is absent.
 */
export function mergeFindings(
  entries: readonly CatalogueEntry[],
  judged: readonly JudgedScenario[],
  planned?: readonly PlannedScenario[],
): EntryVerdict[] {
  const all = planned ? [...judged.map((one) => heldToPlan(one, planned)), ...missing(judged, planned)] : judged;
  return entries.map((entry) => {
    const scenarios = all.flatMap(({ scenario, repeat, history, durationS, findings }) =>
      findings
        .filter((finding) => finding.entry === entry.id)
        .map((finding) => ({ ...finding, scenario, repeat, history, ...defined({ durationS }) })),
    );
    const merged = mergedVerdict(scenarios);
    return {
      id: entry.id,
      slug: entry.slug,
      section: entry.section,
      ...(entry.decide === undefined ? {} : { decide: entry.decide }),
      ...merged,
      promise: entry.says,
      because: becauseOf(merged, scenarios),
      measured: entryFigures(entry.id, scenarios),
      scenarios,
    };
  });
}

/**
 * Two kinds of finding become unknown: one that the plan did not ask for, unless it is broken, and one that the plan
 * asked for and that is missing.
 */
function heldToPlan(judged: JudgedScenario, planned: readonly PlannedScenario[]): JudgedScenario {
  const plan = planned.find((one) => isSame(one, judged));
  const findings = judged.findings.map((finding) =>
    plan?.entries.includes(finding.entry) || finding.verdict === "broken"
      ? finding
      : {
          ...finding,
          verdict: "unknown" as const,
          because: `the plan did not ask for ${finding.entry} in ${judged.scenario} #${judged.repeat}`,
        },
  );
  const found = new Set(judged.findings.map((finding) => finding.entry));
  const lacking = (plan?.entries ?? []).filter((entry) => !found.has(entry));
  const unnamed = lacking.map((entry) => unknownFinding(entry, "planned here, but the history does not name it"));
  return { ...judged, findings: [...findings, ...unnamed] };
}

function missing(judged: readonly JudgedScenario[], planned: readonly PlannedScenario[]): JudgedScenario[] {
  return planned
    .filter((plan) => !judged.some((one) => isSame(plan, one)))
    .map(({ scenario, repeat, entries }) => ({
      scenario,
      repeat,
      history: "",
      findings: entries.map((entry) => unknownFinding(entry, `${scenario} #${repeat} was planned and left no history`)),
    }));
}

function isSame(a: { scenario: string; repeat: number }, b: { scenario: string; repeat: number }): boolean {
  return a.scenario === b.scenario && a.repeat === b.repeat;
}

function becauseOf(
  { verdict, waived }: Pick<EntryVerdict, "verdict" | "waived">,
  scenarios: EntryVerdict["scenarios"],
): string {
  if (scenarios.length === 0) return "no scenario ran that decides it";
  // Of several broken runs, take one that is not waived: a person must look at that one.
  const alike = scenarios.filter((one) => one.verdict === verdict && (waived !== undefined || !one.waived));
  const first = alike[0]!;
  if (verdict === "kept" && scenarios.length > 1)
    return `kept in ${alike.length} of ${scenarios.length} runs; in ${first.scenario} #${first.repeat}: ${first.because}`;
  const share = scenarios.length > 1 ? ` (${alike.length} of ${scenarios.length} runs)` : "";
  return `${first.scenario} #${first.repeat}: ${first.because}${share}`;
}
