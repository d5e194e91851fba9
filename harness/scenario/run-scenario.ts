// Runs one scenario on a stage and leaves its history, logs and configuration in a folder.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { Injector } from "#faults/injector.ts";
import { historyFile } from "#history/read-history.ts";
import type { Environment } from "#zone/environment.ts";
import { executeScenario } from "./execute-scenario.ts";
import { headerOf } from "./history-header.ts";
import { LiveHistory } from "./live-history.ts";
import { writeNodeEvidence } from "./node-evidence.ts";
import type { ScenarioJob } from "./scenario-job.ts";
import { openStage, type Stage, type StageZone } from "./stage.ts";
import type { StepContext } from "./step-context.ts";
import { ServiceWatch } from "./until-served.ts";

/** How a scenario ended: with a stage that the next one may use, or without. */
export interface ScenarioEnd {
  stage: Stage | undefined;
  /** The name under which its zone stays up. */
  standsAs?: string;
  /** Why its stage was thrown away although another scenario could have followed. */
  thrownAway?: string;
}

interface RunOn {
  /** Left by an earlier scenario. */
  given?: Stage | undefined;
  /** Starts a stage when none is given. */
  open?: typeof openStage;
}

/**
 * Runs the scenario on the given stage, or on a new one. A scenario with a cold start is given none. Trouble of the
 * harness goes into the history; this throws only when the history cannot be written, or when no other scenario could
 * run either. The stage is ended here unless it is in the answer.
 */
export async function runScenario(
  environment: Environment,
  job: ScenarioJob,
  { given, open = openStage }: RunOn = {},
): Promise<ScenarioEnd> {
  mkdirSync(job.folder, { recursive: true });
  const { controller } = environment.images;
  let stage = given;
  let history: LiveHistory | undefined;
  let unfit: string | null = "its scenario did not reach its end";
  let hopeless: HarnessError | undefined;
  try {
    using slot = given ? undefined : await slotToStart(environment, job);
    job.signal.throwIfAborted();
    stage ??= await openReported(environment, job, open);
    history = LiveHistory.open(historyPath(job), headerOf(job, plansOf(stage), controller));
    const context = contextOf(stage, history, { job, isUsedAgain: given !== undefined });
    unfit = await executeScenario(context, job, () => slot?.[Symbol.dispose]());
  } catch (error) {
    history ??= LiveHistory.open(historyPath(job), headerOf(job, {}, controller));
    const trouble = HarnessError.from(error);
    history.trouble(trouble);
    if (isHopeless(trouble)) hopeless = trouble;
  }
  if (stage) await writeNodeEvidence(stage, job.folder);
  const lines = stage?.zones.flatMap(({ sink }) => sink.takeLines()) ?? [];
  writeFileSync(join(job.folder, "agent.log"), `${lines.join("\n")}\n`);
  history[Symbol.dispose]();
  if (hopeless) {
    await stage?.[Symbol.asyncDispose]();
    throw hopeless;
  }
  for (const { sink } of stage?.zones ?? []) sink.detach();
  return endOf(stage, unfit, job);
}

async function endOf(stage: Stage | undefined, unfit: string | null, job: ScenarioJob): Promise<ScenarioEnd> {
  // A pair does not stay up: the commands for a zone that is up know of one.
  const standsAs = stage && !stage.peer ? await job.keepZone?.(job.folder, stage.own.zone) : undefined;
  if (standsAs) return { stage: undefined, standsAs };
  if (stage && unfit === null) return { stage };
  await stage?.[Symbol.asyncDispose]();
  return { stage: undefined, ...(job.isLast || unfit === null ? {} : { thrownAway: unfit }) };
}

/** A starting zone keeps a core busy: only some start at once. */
async function slotToStart(environment: Environment, job: ScenarioJob): Promise<Disposable> {
  job.report("waiting to start");
  return environment.starting.enter();
}

async function openReported(environment: Environment, job: ScenarioJob, open: typeof openStage): Promise<Stage> {
  job.report("starting");
  return open(environment, job);
}

function historyPath({ folder }: ScenarioJob): string {
  return join(folder, historyFile);
}

function plansOf({ own, peer }: Stage): Parameters<typeof headerOf>[1] {
  return { own: own.zone.plan, peer: peer?.zone.plan };
}

/** Attaches the stage's zones to the history. The peer's events go into the same one. */
function contextOf(
  { own, peer }: Stage,
  history: LiveHistory,
  { job, isUsedAgain }: { job: ScenarioJob; isUsedAgain: boolean },
): StepContext {
  const { signal, seed, folder } = job;
  const attached = ({ zone, load, sink }: StageZone, into: LiveHistory) => {
    sink.attach(into, { isUsedAgain });
    const injector = new Injector(zone, (event) => into.record(event));
    const service = new ServiceWatch({ history: into, signal }, job.bounds.outageMaxMs);
    return { zone, load, history: into, injector, service, signal };
  };
  const context: StepContext = { ...attached(own, history), seed, folder };
  // The peer has another seed: message ids are unique over both zones.
  if (peer) context.peer = { ...attached(peer, history.ofPeer()), seed: seed + 1, folder: join(folder, "peer") };
  return context;
}

/** Trouble with the engine or the images: no other scenario will fare better. */
function isHopeless({ code }: HarnessError): boolean {
  return code.startsWith("engine/") || code.startsWith("image/");
}
