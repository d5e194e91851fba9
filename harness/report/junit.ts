// junit.xml for CI: one test case per entry. Broken is a failure, unknown an error, not-applicable and waived are
// skipped.

import { type EntryVerdict, type Standing, standingOf, type VerdictsFile } from "#spec/verdict.ts";
import { escaped } from "./escape.ts";
import { named } from "./key-figures.ts";

/** An empty run becomes one case with an error, because most readers show an empty suite as green. */
export function junitXml(file: VerdictsFile): string {
  const { entries, run } = file;
  const count = (name: Standing) => entries.filter((entry) => standingOf(entry) === name).length;
  const cases = entries.length > 0 ? entries.map(testCase) : [emptyCase];
  const counts =
    `tests="${cases.length}" failures="${count("broken")}" ` + `errors="${entries.length > 0 ? count("unknown") : 1}"`;
  // The schema of Jenkins allows "skipped" on a suite only.
  const skipped = `skipped="${count("not-applicable") + count("waived")}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="triad" ${counts} time="${run.wallS}">`,
    `  <testsuite name="triad" ${counts} ${skipped} time="${run.wallS}" timestamp="${escaped(run.startedAt)}">`,
    `    <properties><property name="seed" value="${run.seed}"/><property name="command" value="${escaped(run.command)}"/></properties>`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

const emptyCase =
  '    <testcase classname="triad" name="at least one entry is judged" time="0"><error message="no entry was judged" type="unknown"/></testcase>';

function testCase(entry: EntryVerdict): string {
  const open = `    <testcase classname="triad.${escaped(entry.id.split("-")[0])}" name="${escaped(`${named(entry)}: ${entry.promise}`)}" time="${timeS(entry)}"`;
  const inner = outcome(entry);
  return inner ? `${open}>${inner}</testcase>` : `${open}/>`;
}

/** Seconds of the scenarios that decide the entry. A scenario that decides several entries counts for each. */
function timeS({ scenarios }: EntryVerdict): number {
  return Math.round(scenarios.reduce((sum, { durationS = 0 }) => sum + durationS, 0) * 1_000) / 1_000;
}

function outcome(entry: EntryVerdict): string {
  const because = escaped(entry.because);
  if (entry.waived) {
    const { expires, reason } = entry.waived;
    return `<skipped message="${escaped(`broken and waived until ${expires}: ${reason}; ${entry.because}`)}"/>`;
  }
  const runs = entry.scenarios.filter((one) => one.verdict === entry.verdict);
  const body = escaped(runs.map((one) => `${one.scenario} #${one.repeat}: ${one.because} (${one.history})`).join("\n"));
  if (entry.verdict === "broken") return `<failure message="${because}" type="broken">${body}</failure>`;
  if (entry.verdict === "unknown") return `<error message="${because}" type="unknown">${body}</error>`;
  return entry.verdict === "not-applicable" ? `<skipped message="${because}"/>` : "";
}
