// One case of the corpus and the hands that make it: right, wrong, or a history bent event by event.

import type { HistoryEvent } from "#history/event.ts";
import type { VerdictName } from "#spec/verdict.ts";
import type { HistoryBuilder } from "./builder.ts";

export interface Case {
  entry: string;
  name: string;
  verdict: VerdictName;
  /** Words that the finding must hold: red for this reason and no other. */
  because?: RegExp;
  make(): HistoryBuilder;
}

export const kept = (entry: string, name: string, make: () => HistoryBuilder): Case => ({
  entry,
  name,
  verdict: "kept",
  make,
});

/** A case that must be broken or unknown, for the reason that `because` matches. */
export const wrong = (
  at: `${string} ${string} ${"broken" | "unknown"}`,
  because: RegExp,
  make: () => HistoryBuilder,
): Case => {
  const [entry, name, verdict] = at.split(" ") as [string, string, VerdictName];
  return { entry, name, verdict, because, make };
};

/** Each event as `change` gives it back, or gone. */
export function bend(
  builder: HistoryBuilder,
  change: (event: HistoryEvent) => HistoryEvent | undefined,
): HistoryBuilder {
  builder.events = builder.events.flatMap((event) => change(event) ?? []);
  return builder;
}

/** The same on a machine on which that many tasks wanted each core. */
export function crowded(story: HistoryBuilder, runnablePerCore: number): HistoryBuilder {
  return bend(story, (event) => (event.type === "looks" ? { ...event, runnablePerCore } : event));
}
