// Turns a suite's entries into Jest tests that read as claims. An entry that the plan does not hold is reported as
// skipped by the runner; whether that is right is the gate's business, which judges against the plan.

import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import { catalogue } from "./read-catalogue.ts";
import { SuiteRun } from "./suite-findings.ts";

/** The longest a whole suite may take, e.g. with --repeat 20. */
const suiteDeadlineMs = 6 * 3_600_000;
const openDeadlineMs = 900_000;

/**
 * `claims("failure", { "FAIL-1": "…" })`: one test an entry, named by id and claim.
 *
 * @throws HarnessError `usage/unknown-entry` for an id that the catalogue lacks.
 */
export function claims(suite: string, entries: Record<string, string>): void {
  const ids = new Set(catalogue().map((entry) => entry.id));
  for (const id of Object.keys(entries))
    if (!ids.has(id))
      throw new HarnessError("usage/unknown-entry", `suite ${suite} claims "${id}", which the catalogue lacks`);
  describe(suite, () => {
    const run = new SuiteRun(suite);
    beforeAll(() => run.open(), openDeadlineMs);
    afterAll(() => run.close(), openDeadlineMs);
    for (const [id, claim] of Object.entries(entries)) {
      const test = run.has(id) ? it : it.skip;
      test(`${id}: ${claim}`, () => run.expectKept(id, suiteDeadlineMs), suiteDeadlineMs);
    }
  });
}
