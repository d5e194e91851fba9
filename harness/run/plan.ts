// The plan of a run: every scenario, repeat, seed and entry, written before anything is started. What ran must equal
// it: a planned scenario without a history makes its entries unknown.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Defined, defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import type { NodeName } from "#spec/node.ts";
import type { Declared } from "#spec/profile.ts";
import type { Bounds } from "#spec/verdict.ts";
import type { StoreKind, Tier, ZoneSpec } from "#spec/zone-spec.ts";
import type { ReplayedFile } from "./replay/replayed-file.ts";
import { planShape, readShaped } from "./saved/plan-shape.ts";

export interface PlannedScenario {
  name: string;
  suite: string;
  repeat: number;
  seed: number;
  entries: string[];
  /** Which node gets which way; see spec/draw.ts. Absent for a scenario with one draw. */
  draw?: number;
  /** The scenario is in this file, and in no suite. */
  file?: ReplayedFile;
  /** What is done to its zone, and to the peer zone, in order. Plans of format 1 lack them and the zone. */
  faults?: FaultSpec[];
  peerFaults?: FaultSpec[];
  zone?: ZoneSpec;
}

export interface RunPlan {
  format: "triad-plan/1" | "triad-plan/2";
  /** Digest of the harness that made the plan. */
  harness?: string;
  id: string;
  startedAt: string;
  seed: number;
  command: string;
  suites: string[];
  only: string[];
  repeat: number;
  /** Zones side by side, at most. */
  jobs: number;
  /** True: `jobs` zones run at once, whatever the machine carries. */
  areJobsGiven?: boolean;
  tier: Tier;
  /** Replaces the file system of scenarios that need a disk. */
  stores?: StoreKind;
  /** A nats-server binary that replaces the packaged one. */
  natsServer?: string;
  /** Image of a controller that replaces the reference one: path of an archive, or a reference. */
  controller?: string;
  /** Node image of another vendor for each node: path of a file or folder, or a reference. */
  image?: Record<NodeName, string>;
  /** What its nodes are like. */
  contract?: NodeContract;
  /** A zone that breaks a promise stays up. */
  isKept: boolean;
  bounds: Bounds;
  /** What the zone's profile declares. */
  profile?: Declared;
  /** Every entry that gets a verdict. */
  entries: string[];
  scenarios: PlannedScenario[];
}

/** The programs that the plan asks for, for the environment. */
export function askedBy(plan: RunPlan): Defined<Pick<RunPlan, "natsServer" | "controller" | "image" | "contract">> {
  const { natsServer, controller, image, contract } = plan;
  return defined({ natsServer, controller, image, contract });
}

export const planFile = "plan.json";

export function writePlan(folder: string, plan: RunPlan): void {
  writeFileSync(join(folder, planFile), `${JSON.stringify(plan, null, 2)}\n`, { flag: "wx" });
}

/** @throws HarnessError `usage/not-evidence` */
export function readPlan(folder: string): RunPlan {
  const path = join(folder, planFile);
  if (!existsSync(path)) throw new HarnessError("usage/not-evidence", `${folder} holds no ${planFile}`);
  return readShaped(path, folder, planShape);
}

/** Folder of one scenario's evidence inside a run's folder. */
export function scenarioFolder(planned: Pick<PlannedScenario, "name" | "repeat">): string {
  return join("scenarios", `${planned.name}-${planned.repeat}`);
}

/**
 * In that folder, beside the history: what the checkers found, for the claims in Jest. The gate judges the history
 * again.
 */
export const findingsFile = "findings.json";

/** The environment variable that names the run's folder to the claims in Jest. */
export const runFolderVariable = "TRIAD_RUN_FOLDER";
