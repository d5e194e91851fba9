// The work behind the command line, one method a command. Stands in until the parts it ties together are there:
// each method says so and changes nothing.

import { HarnessError } from "#base/errors.ts";
import type { Triad } from "./deps.ts";

const later = (name: string) => async (): Promise<never> => {
  throw new HarnessError("run/internal", `triad.${name} is not there yet`);
};

export const triad: Triad = {
  gate: later("gate"),
  check: later("check"),
  prove: later("prove"),
  bench: later("bench"),
  list: later("list"),
  zoneUp: later("zoneUp"),
  zoneStatus: later("zoneStatus"),
  zoneDown: later("zoneDown"),
  fault: later("fault"),
  cut: later("cut"),
  heal: later("heal"),
  logs: later("logs"),
  exec: later("exec"),
  engineUp: later("engineUp"),
  engineDown: later("engineDown"),
  engineStatus: later("engineStatus"),
  daemon: async () => null,
  prune: later("prune"),
};
