// What a step works with. Steps that need more than a few lines have a file of their own, step-NAME.ts, and take this.

import type { Injector } from "#faults/injector.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { LiveHistory } from "./live-history.ts";
import type { Load } from "./load.ts";

export interface StepContext {
  zone: StartedZone;
  feed: LiveHistory;
  injector: Injector;
  load: Load;
  /** The scenario's own: what must be new in each is made from it. */
  seed: number;
  /** Of the history; what a step keeps lies beside it. */
  folder: string;
  signal: AbortSignal;
}
