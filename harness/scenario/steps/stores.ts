// Which of the steps around stores, what they hold and what comes back from a loss is whose. Nothing is done here.

import type { Step } from "#spec/scenario.ts";
import { countDisks, flush, pace } from "./disks.ts";
import { readEachReplica } from "./read-each-replica.ts";
import { awaitCurrent, fill, dumpReplicas } from "./replica-dump.ts";
import { readTexts } from "./read-texts.ts";
import type { StepContext } from "../step-context.ts";
import { pauseLoad, restore, resumeLoad, snapshot } from "./snapshot.ts";

const names = [
  "pace",
  "flush",
  "count-disks",
  "read-each-replica",
  "fill",
  "await-current",
  "dump-replicas",
  "pause-load",
  "resume-load",
  "snapshot",
  "restore",
  "read-texts",
] as const;

type StoreStep = Extract<Step, { step: (typeof names)[number] }>;

export function isStoreStep(step: Step): step is StoreStep {
  return (names as readonly string[]).includes(step.step);
}

export async function takeStoreStep(site: StepContext, step: StoreStep): Promise<void> {
  switch (step.step) {
    case "pace":
      return pace(site, step);
    case "flush":
      return flush(site, step.nodes);
    case "count-disks":
      return countDisks(site);
    case "read-each-replica":
      return readEachReplica(site);
    case "fill":
      return fill(site, step.bytes);
    case "await-current":
      return awaitCurrent(site, step);
    case "dump-replicas":
      return dumpReplicas(site, step);
    case "pause-load":
      return pauseLoad(site);
    case "resume-load":
      return resumeLoad(site);
    case "snapshot":
      return snapshot(site);
    case "restore":
      return restore(site);
    case "read-texts":
      return readTexts(site);
  }
}
