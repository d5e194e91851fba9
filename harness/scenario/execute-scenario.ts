// Executes a scenario on started zones: load, steady state, steps, repair, audit, and back to the steady state. It
// decides nothing: what did not happen in time is written down, and the checkers judge it.

import { delay, nowNs } from "#base/clock.ts";
import { serviceNodes } from "#spec/node.ts";
import { traitsOf } from "#spec/faults.ts";
import { doubtAfter, plannedFaults, type ScenarioSpec } from "#spec/scenario.ts";
import { audit, readOlderFacts } from "./audit.ts";
import { becomeSteady } from "./become-steady.ts";
import { handBack } from "./hand-back.ts";
import type { ScenarioJob } from "./scenario-job.ts";
import { openMonitors } from "./scenario-monitors.ts";
import type { StepContext } from "./step-context.ts";
import { listFiles } from "./steps/read/artifact-files.ts";
import { takeStep } from "./steps/registry.ts";
import { untilExchanged } from "./until-exchanged.ts";

const steadyLoadMs = 1_000;
const noneFollows = "no scenario follows";

type InBoth = (act: (one: StepContext) => unknown) => Promise<void>;

/**
 * @param context of the scenario's zone, or of the first of a pair.
 * @param onStarted is called when the zones are up and under load.
 * @returns why the zone cannot be used for another scenario; null when it is steady and alpha is active again.
 */
export async function executeScenario(
  context: StepContext,
  job: ScenarioJob,
  onStarted: () => void,
): Promise<string | null> {
  const { scenario } = job;
  const contexts = context.peer ? [context, context.peer] : [context];
  const both: InBoth = async (act) => void (await Promise.all(contexts.map(act)));
  job.report("waiting for the first answer");
  await both(({ zone }) => zone.watch()); // every node's first look belongs into this history
  await both(({ load, seed }) => load.start(seed, scenario));
  onStarted();
  const lacks = await Promise.all(contexts.map((one) => becomeSteady(one, scenario.start !== undefined)));
  const lack = lacks.find((one) => one !== null);
  if (lack && scenario.start) return endUnsteady(context, lack.message);
  if (lack) throw lack;
  await underLoad(context, job, both);
  // Watched, and before the audit: two active nodes and lost facts in the hand-back belong to this history.
  const unfit = await whyNotAgain(context, job);
  await both(audit);
  await both(({ history }) => history.mark("audited"));
  return unfit;
}

/** The steps, from the steady state to the end of the load. */
async function underLoad(context: StepContext, job: ScenarioJob, both: InBoth): Promise<void> {
  const { scenario, report, bounds } = job;
  await using _monitors = scenario.monitors ? await openMonitors(context.zone, context.history, bounds) : undefined;
  for (const inside of scenario.clientsInside ?? []) await context.load.startInside(inside);
  await both(({ history, load }) =>
    history.mark("load-started", { appendPerS: load.appendPerS, cursors: load.cursors }),
  );
  await Promise.all([delay(steadyLoadMs, context.signal), both((one) => readOlderFacts(one, "start"))]);
  await both(({ history }) => history.mark("steady"));
  await takeSteps(context, job);
  report("waiting for the service");
  // While a fault stands, calls may rightly fail.
  await both(({ injector, service }) => injector.standingNodes.length === 0 && service.untilServed());
  report("reading the facts back");
  await both(({ injector }) => injector.heal(injector.standingNodes));
  await both(({ load }) => load.stop());
  await both(({ history, load }) => history.mark("load-stopped", { clients: load.tallies }));
  await both(drain);
  if (context.peer) {
    await untilExchanged(context);
    await both((one) => listFiles(one, { step: "files", nodes: [...serviceNodes] }));
  }
}

async function takeSteps(context: StepContext, { scenario: { steps }, report, openGuide }: ScenarioJob): Promise<void> {
  await using guide = await openGuide?.(context, steps);
  for (const [place, step] of steps.entries()) {
    if (guide && !(await guide.before(step, place))) continue;
    report(step.step);
    await takeStep(context, step);
    await guide?.after();
  }
}

/** The standby of the last state was denied a promotion before. The hand-back shows that it can be promoted. */
function isProofOfDenial({ steps }: ScenarioSpec): boolean {
  return plannedFaults({ steps }).some((fault) => fault.node === "alpha" && traitsOf(fault).gate !== null);
}

/** The consumers are served what is left. */
async function drain({ history, load }: StepContext): Promise<void> {
  const startNs = nowNs();
  const drained = await load.drain();
  if (!drained) return;
  const { readers, totals } = drained;
  history.mark("drained", { readers, clients: [totals], tookMs: Math.round((nowNs() - startNs) / 1e6) });
}

async function whyNotAgain(context: StepContext, { scenario, isLast, report }: ScenarioJob): Promise<string | null> {
  if (context.peer) return "it is one of a pair";
  const doubt = doubtAfter(scenario);
  if (doubt) return isLast ? noneFollows : doubt;
  if (isLast && !isProofOfDenial(scenario)) return noneFollows;
  report("handing back to alpha");
  context.history.mark("handing-back");
  const isBack = await handBack(context, "keepalived");
  if (isLast) return noneFollows;
  return isBack ? null : "it did not come back to its steady state";
}

/** A cold start that leads nowhere is a finding, not trouble of the harness. */
async function endUnsteady({ history, load }: StepContext, saw: string): Promise<string> {
  history.mark("steady", { isTimedOut: true, saw });
  await load.stop();
  history.mark("load-stopped", { clients: load.tallies });
  return "it never became steady";
}
