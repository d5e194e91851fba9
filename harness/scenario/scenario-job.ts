// One scenario to run: its seed, its evidence folder and the settings of its zone.

import type { ScenarioSpec } from "#spec/scenario.ts";
import type { Step } from "#spec/steps.ts";
import type { Bounds } from "#spec/verdict.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { StepContext } from "./step-context.ts";

/** Stands between the steps of a scenario, for example to let a person decide. */
export interface StepGuide extends AsyncDisposable {
  /** Called before the step at `place`, from 0. @returns false: the step is left out. */
  before: (step: Step, place: number) => Promise<boolean>;
  /** Called after each step that was taken. */
  after: () => Promise<void>;
}

/** Called when the zone is steady and under load. */
export type OpenGuide = (context: StepContext, steps: readonly Step[]) => Promise<StepGuide>;

export interface ScenarioJob {
  scenario: ScenarioSpec;
  repeat: number;
  seed: number;
  /** Must not exist. It holds history.jsonl, logs and configuration afterwards. */
  folder: string;
  zone: ZoneSpec;
  bounds: Bounds;
  /** Changes the planned nodes, to make the zone a mutant. */
  amend?: (node: PlannedNode, plan: ZonePlan) => void;
  /** The same for the peer zone. */
  amendPeer?: (node: PlannedNode, plan: ZonePlan) => void;
  /**
   * Called after the scenario. It decides whether the zone stays up. Absent: the zone is ended.
   *
   * @returns the name under which the zone stays up; undefined when it does not.
   */
  keepZone?: (folder: string, zone: StartedZone) => Promise<string | undefined>;
  openGuide?: OpenGuide;
  /** No scenario follows on this zone. */
  isLast: boolean;
  signal: AbortSignal;
  /** Takes a phrase for a progress line. */
  report: (phase: string) => void;
}
