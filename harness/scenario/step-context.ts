// What a step works with, and the type of the function that executes it.

import { HarnessError } from "#base/errors.ts";
import type { Injector } from "#faults/injector.ts";
import type { StepName, StepOf } from "#spec/steps.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { LiveHistory } from "./live-history.ts";
import type { Load } from "./load.ts";
import type { ServiceWatch } from "./until-served.ts";

export interface StepContext {
  zone: StartedZone;
  history: LiveHistory;
  injector: Injector;
  load: Load;
  service: ServiceWatch;
  /** The scenario's seed. Names that must be unique in each scenario are made from it. */
  seed: number;
  /** Folder of the history. A step keeps its files there. */
  folder: string;
  signal: AbortSignal;
  /** The second zone of a pair, seen from the first. */
  peer?: StepContext;
}

/** Executes a step. */
export type TakeStep = (context: StepContext, step: StepOf<StepName>) => Promise<void>;

/**
 * Executes the steps of one name. A step that waits for the zone writes what it saw when the zone does not get there;
 * only trouble of the harness throws. `take` executes a nested step.
 */
export type StepHandler<K extends StepName> = (context: StepContext, step: StepOf<K>, take: TakeStep) => Promise<void>;

/** @throws HarnessError `run/internal` when the scenario has one zone. */
export function peerOf({ peer }: StepContext): StepContext {
  if (!peer) throw new HarnessError("run/internal", "the scenario has no peer zone");
  return peer;
}
