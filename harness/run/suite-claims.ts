// Turns a suite's entries into Jest tests. The wording of each statement comes from the catalogue. An entry that is not
// in the plan is reported as skipped. The gate decides whether that is right, because it judges against the plan.

import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import { catalogue } from "./read-catalogue.ts";
import { SuiteRun } from "./suite-findings.ts";

/** Backstop for a whole suite, for example with --repeat 20. */
const suiteDeadlineMs = 6 * 3_600_000;
const openDeadlineMs = 900_000;

/**
 * `claims("failure", ["FAIL-1 alpha-fails"])`: one test for each entry, named by its id and slug, with its statement.
 *
 * @throws HarnessError `usage/unknown-entry` for an id and slug that the catalogue lacks.
 */
export function claims(suite: string, names: readonly string[]): void {
  const known = new Map(catalogue().map((entry) => [`${entry.id} ${entry.slug}`, entry]));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new HarnessError("usage/unknown-entry", `suite ${suite}: "${unknown}" is not in the catalogue`, {
      expected: "the id and the slug of an entry, as in FAIL-1 alpha-fails",
    });
  describe(suite, () => {
    const run = new SuiteRun(suite);
    beforeAll(() => run.open(), openDeadlineMs);
    afterAll(() => run.close(), openDeadlineMs);
    for (const name of names) {
      const { id, says } = known.get(name)!;
      const test = run.has(id) ? it : it.skip;
      test(`${name}: ${says}`, () => run.expectKept(id, suiteDeadlineMs), suiteDeadlineMs);
    }
  });
}
