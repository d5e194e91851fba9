// Progress of a run: first the engine and the images, then one step for all scenarios.

import type { Progress, ProgressStep } from "#api/progress.ts";
import type { RunPlan } from "#run/plan.ts";
import type { RunNews } from "#run/execute-plan.ts";

export function newsToProgress(progress: Progress, plan: RunPlan): (news: RunNews) => void {
  const running = new Map<string, string>();
  const all = plan.scenarios.length;
  let done = 0;
  let environment: ProgressStep | undefined;
  let scenarios: ProgressStep | undefined;
  const show = () => {
    const now = [...running].map(([name, phase]) => `${name}: ${phase}`).join("; ");
    scenarios?.update(`${done} of ${all} done; ${now}`, done / all);
  };
  return (news) => {
    if (news.kind === "site") {
      environment ??= progress.step("engine and images");
      return environment.update(news.line);
    }
    environment?.done();
    environment = undefined;
    scenarios ??= progress.step(plan.suites.join(", "));
    const name = plan.repeat > 1 ? `${news.name} #${news.repeat}` : news.name;
    if (news.kind === "thrown-away") return progress.say(`${name}: the zone is discarded: ${news.why}`);
    if (news.kind === "stands")
      return progress.say(
        `${name}: the zone stays up as ${news.zone}. Next: ./triad status, ./triad down ${news.zone}`,
      );
    if (news.kind === "scenario") running.set(name, news.phase);
    else {
      running.delete(name);
      done += 1;
      const bad = Object.entries(news.verdicts).filter(([, verdict]) => verdict !== "kept");
      if (bad.length > 0) progress.say(`${name}: ${bad.map(([id, verdict]) => `${id} ${verdict}`).join(", ")}`);
    }
    show();
    if (done === all) scenarios.done(`${all} scenarios`);
  };
}
