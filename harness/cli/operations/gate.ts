// `triad gate`: plans a run, carries it out and sums it up.

import { defined } from "#base/defined.ts";
import { freshSeed } from "#base/random.ts";
import { counted } from "#checkers/checker.ts";
import type { Outcome } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { GateOptions } from "#api/run-options.ts";
import { runGate } from "#run/gate.ts";
import { planRun } from "#run/make-plan.ts";
import { noProfile, refuseBoth } from "#profile/read-profile.ts";
import { readProfile } from "#run/profile.ts";
import { entryIds } from "#run/read-catalogue.ts";
import { updatesToProgress } from "../run-progress.ts";
import { deadlineAfter } from "./deadline.ts";
import { evidenceFolder, outcomeOf } from "./outcome.ts";

export async function gate(options: GateOptions, { signal, progress }: RunContext): Promise<Outcome> {
  const {
    suites,
    only,
    repeat,
    jobs,
    seed = freshSeed(),
    tier,
    isKept,
    stores,
    natsServer,
    controller,
    image,
    profile: path,
    deadlineS,
  } = options;
  const profile = path === undefined ? undefined : { ...readProfile(path), path };
  refuseBoth({ image, controller });
  if (image && !profile?.node) throw noProfile();
  const contract = image ? profile?.node : undefined;
  const plan = planRun({
    suites,
    only: entryIds(only),
    repeat,
    jobs,
    seed,
    tier,
    isKept,
    ...defined({ stores, natsServer, controller, image, contract, bounds: profile?.bounds, profile }),
  });
  const folder = evidenceFolder(options.out, plan.id);
  const zones = `${plan.areJobsGiven ? "" : "up to "}${counted(plan.jobs, "zone")} at a time`;
  progress.say(`${counted(plan.scenarios.length, "scenario")}, ${zones}, seed ${plan.seed}`);
  progress.say(`repeat this run with: ${plan.command}`);
  using deadline = deadlineS === undefined ? undefined : deadlineAfter(deadlineS);
  const signals = deadline ? AbortSignal.any([signal, deadline.signal]) : signal;
  const file = await runGate({ plan, folder, signal: signals, onUpdate: updatesToProgress(progress, plan) });
  return outcomeOf(file, folder);
}
