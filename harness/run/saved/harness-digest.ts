// One digest for everything that plans, judges and reports: two harnesses with the same digest give the same texts for
// the same evidence.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "#base/repository.ts";

const fixtures = ["fixtures/catalogue.yaml", "fixtures/beyond.yaml"];
let known: string | undefined;

/** Sha256 over the sources of the harness, without tests, and the catalogues. */
export function harnessDigest(): string {
  return (known ??= digestNow());
}

function digestNow(): string {
  const sources = readdirSync(join(repository, "harness"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join("harness", name));
  const hash = createHash("sha256");
  for (const name of [...sources.sort(), ...fixtures])
    hash.update(`${name}\n`).update(readFileSync(join(repository, name)));
  return hash.digest("hex");
}
