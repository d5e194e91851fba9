// `triad down`. harness/record has `triad up`.

import { HarnessError } from "#base/errors.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { DownOptions } from "#api/zone-options.ts";
import { Environment } from "#zone/environment.ts";
import { findRemembered, isBeingStarted, isReserved, rememberedZones, reservedText } from "./kept-files.ts";
import { endKept } from "./kept-zones.ts";

export async function down(options: DownOptions, { progress }: RunContext): Promise<Answer> {
  const zones = options.isAll ? rememberedZones() : [findRemembered(options.name)];
  const starting = zones.filter(isReserved).find(isBeingStarted);
  if (starting)
    throw new HarnessError("usage/bad-value", reservedText(starting), {
      remedy: "Wait until it is up, or end that process, which then removes the zone. Nothing was removed now.",
    });
  if (zones.length > 0) {
    await using environment = await Environment.open((line) => progress.say(line));
    for (const zone of zones) await endKept(environment, zone);
  }
  const names = zones.map((one) => one.name);
  return { summary: names.length > 0 ? `removed ${names.join(", ")}` : "no zone is up", data: { removed: names } };
}
