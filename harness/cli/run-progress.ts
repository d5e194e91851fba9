// Progress of a run: first the engine and the images, then one step for all scenarios.

import type { Progress, ProgressStep } from "#api/progress.ts";
import { entryName } from "#run/read-catalogue.ts";
import type { RunPlan } from "#run/plan.ts";
import type { RunUpdate } from "#run/execute-plan.ts";

export function updatesToProgress(progress: Progress, plan: RunPlan): (update: RunUpdate) => void {
  const running = new Map<string, string>();
  const all = plan.scenarios.length;
  let done = 0;
  let environment: ProgressStep | undefined;
  let scenarios: ProgressStep | undefined;
  const show = () => {
    const now = [...running].map(([name, phase]) => `${name}: ${phase}`).join("; ");
    scenarios?.update([`${done} of ${all} done`, now].filter(Boolean).join("; "), done / all);
  };
  return (update) => {
    if (update.kind === "environment") {
      environment ??= progress.step("engine and images");
      return environment.update(update.line);
    }
    environment?.done();
    environment = undefined;
    scenarios ??= progress.step(plan.suites.join(", "));
    const name = plan.repeat > 1 ? `${update.name} #${update.repeat}` : update.name;
    if (update.kind === "thrown-away") return progress.say(`${name}: the zone is discarded: ${update.why}`);
    if (update.kind === "stands")
      return progress.say(
        `${name}: the zone stays up as ${update.zone}. Next: ./triad status, ./triad down ${update.zone}`,
      );
    if (update.kind === "scenario") running.set(name, update.phase);
    else {
      running.delete(name);
      done += 1;
      const bad = Object.entries(update.verdicts).filter(([, verdict]) => verdict !== "kept");
      if (bad.length > 0)
        progress.say(`${name}: ${bad.map(([id, verdict]) => `${entryName(id)} ${verdict}`).join(", ")}`);
    }
    show();
    if (done === all) scenarios.done(`${all} scenarios`);
  };
}
