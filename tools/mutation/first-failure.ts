// Runs the tests with the mutant that the environment names on from the start. It ends at the first failure with 1, and
// writes the test and the message.

import { failureOf } from "./judging-tests.ts";
import { loadTests } from "./load-tests.ts";

for (const { id, prepare } of await loadTests()) {
  const message = failureOf(() => prepare()());
  if (message === undefined) continue;
  process.stdout.write(`${id}\n${message}`);
  process.exit(1);
}
