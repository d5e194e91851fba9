// A zone that is up may have been broken by another version of triad. This version then does not know each fault that
// stands. It still shows the zone, but it undoes nothing and adds nothing: it could not say what it does.

import { HarnessError } from "#base/errors.ts";
import { describeFault, type FaultSpec, faultShape } from "#spec/faults.ts";
import type { KeptZone } from "./kept-files.ts";

/** A known name is not enough: the fields of a fault differ from version to version too. */
function isKnown(spec: FaultSpec): boolean {
  return faultShape.safeParse(spec).success;
}

/** One line that names a standing fault, also one that only another version knows. */
export function wordsOfStanding(spec: FaultSpec): string {
  return isKnown(spec) ? describeFault(spec) : `${spec.fault} on ${spec.node}, which this version does not know`;
}

/** @throws HarnessError `zone/other-version` */
export function mustKnowFaults({ name, standing }: Pick<KeptZone, "name" | "standing">): void {
  const strange = standing.find(({ spec }) => !isKnown(spec));
  if (!strange) return;
  throw new HarnessError("zone/other-version", `a fault stands in zone ${name}: ${wordsOfStanding(strange.spec)}`, {
    remedy: `Use the version that broke the zone, or remove it: ./triad down ${name}`,
  });
}
