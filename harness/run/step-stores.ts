// Which of the steps around stores, what they hold and what comes back from a loss is whose. Nothing is done here.

import type { Step } from "#spec/scenario.ts";
import { countDisks, flush, pace } from "./step-disks.ts";
import { readEachReplica } from "./step-each-replica.ts";
import { awaitCurrent, fill, takeInventory } from "./step-inventory.ts";
import { readTexts } from "./step-read-texts.ts";
import type { StepSite } from "./step-site.ts";
import { pauseLoad, restore, resumeLoad, snapshot } from "./step-snapshot.ts";

const names = [
  "pace",
  "flush",
  "count-disks",
  "read-each-replica",
  "fill",
  "await-current",
  "inventory",
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

export async function takeStoreStep(site: StepSite, step: StoreStep): Promise<void> {
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
    case "inventory":
      return takeInventory(site, step);
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
