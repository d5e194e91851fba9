// Which of the steps around a loss and what comes back from it is whose. Nothing is done here.

import type { Step } from "#spec/scenario.ts";
import { awaitCurrent, fill, takeInventory } from "./step-inventory.ts";
import { readTexts } from "./step-read-texts.ts";
import type { StepSite } from "./step-site.ts";
import { pauseLoad, restore, resumeLoad, snapshot } from "./step-snapshot.ts";

type RecoveryStep = Extract<
  Step,
  {
    step: "fill" | "await-current" | "inventory" | "pause-load" | "resume-load" | "snapshot" | "restore" | "read-texts";
  }
>;

export async function takeRecoveryStep(site: StepSite, step: RecoveryStep): Promise<void> {
  switch (step.step) {
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
