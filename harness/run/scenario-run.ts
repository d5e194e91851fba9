// Carries out one scenario on a zone of its own and leaves its history, logs and configuration in a folder.
// It decides nothing: what did not happen in time is written down, and the checkers judge it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { delay } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { judge } from "#checkers/compose.ts";
import { keptOwner } from "#engine/labels.ts";
import { ownerOf } from "#engine/owner.ts";
import { Injector } from "#faults/injector.ts";
import { decodeHistory } from "#history/codec.ts";
import { type HistoryEvent, type HistoryHeader, historyFormat } from "#history/event.ts";
import type { FaultSpec } from "#spec/fault-spec.ts";
import { nodeNames, type NodeName, ports } from "#spec/node.ts";
import { plannedFaults, type ScenarioSpec } from "#spec/scenario.ts";
import { type Bounds } from "#spec/verdict.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { planAddresses } from "#topology/plan-zone.ts";
import { type StartedZone, Zone } from "#zone/zone.ts";
import { Feed } from "./feed.ts";
import { historyFile } from "./judge-folder.ts";
import { saveKept } from "./kept-zones.ts";
import { Load } from "./load.ts";
import type { Site } from "./site.ts";
import { StepRunner } from "./steps.ts";

export interface ScenarioJob {
  scenario: ScenarioSpec;
  repeat: number;
  seed: number;
  /** Made new; holds history.jsonl, logs and configs afterwards. */
  folder: string;
  zone: ZoneSpec;
  bounds: Bounds;
  /** Makes the zone a wrong one. */
  amend?: (node: PlannedNode, plan: ZonePlan) => void;
  /** Leaves the zone up when its scenario broke a promise. */
  isKept?: boolean;
  signal: AbortSignal;
  /** What is being done now, for a progress line. */
  report: (phase: string) => void;
}

const readyDeadlineMs = 60_000;
const steadyDeadlineMs = 30_000;
const steadyLoadMs = 1_000;

/** Runs the scenario. Trouble of the harness goes into the history too; it throws only when the history cannot be written. */
export async function runScenario(site: Site, job: ScenarioJob): Promise<void> {
  mkdirSync(job.folder, { recursive: true });
  const lines: string[] = [];
  let feed: Feed | undefined;
  const early: HistoryEvent[] = [];
  const record = (event: HistoryEvent) => void (feed ? feed.record(event) : early.push(event));
  try {
    job.report("waiting to start");
    using place = await site.starting.enter();
    job.report("starting");
    const zone = await new Zone({
      id: zoneIdOf(job),
      owner: job.isKept ? keptOwner : ownerOf(),
      spec: job.zone,
      docker: site.engine.docker,
      ground: site.ground,
      privileges: site.privileges,
      images: site.images,
      ...(job.amend ? { amend: job.amend } : {}),
      onEvent: record,
      onNoise: (from, line) => void lines.push(`${from}: ${line}`),
      onLost: (error) => feed?.trouble(error),
    }).start();
    feed = new Feed(join(job.folder, historyFile), headerOf(job, zone.plan));
    try {
      feed.mark("zone-created");
      for (const event of early) feed.record(event);
      await carryOut(zone, feed, { ...job, place });
    } catch (error) {
      feed.trouble(HarnessError.from(error));
    } finally {
      await keepEvidence(zone, job.folder);
      if (job.isKept && hasBroken(job.folder)) await letStand(zone);
      else await zone[Symbol.asyncDispose]();
    }
  } catch (error) {
    feed ??= new Feed(join(job.folder, historyFile), headerOf(job));
    feed.trouble(HarnessError.from(error));
  } finally {
    feed?.[Symbol.dispose]();
    writeFileSync(join(job.folder, "agent.log"), `${lines.join("\n")}\n`);
  }
}

/** Whether what was saved so far breaks an entry. */
function hasBroken(folder: string): boolean {
  return judge(decodeHistory(readFileSync(join(folder, historyFile), "utf8"))).some((finding) => finding.verdict === "broken");
}

async function letStand(zone: StartedZone): Promise<void> {
  saveKept({ name: zone.plan.id, plan: zone.plan, standing: [] });
  await zone.leave();
}

async function carryOut(zone: StartedZone, feed: Feed, job: ScenarioJob & { place: Disposable }): Promise<void> {
  const { signal, scenario } = job;
  const load = new Load(zone, { seed: job.seed });
  job.report("waiting for the first answer");
  await load.start();
  job.place[Symbol.dispose]();
  const isOk = (event: HistoryEvent) => event.type === "ok" && event.f === "append";
  const first = feed.next(isOk, { what: "the first answer through the VIP", deadlineMs: readyDeadlineMs, signal });
  await first.catch((error: unknown) => {
    throw signal.aborted ? error : new HarnessError("zone/not-ready", HarnessError.from(error).message);
  });
  feed.mark("zone-ready");
  feed.mark("load-started", { appendPerS: load.appendPerS });
  const steps = new StepRunner({ zone, feed, injector: new Injector(zone, (event) => feed.record(event)), signal });
  await steps.untilSteady(steadyDeadlineMs);
  for (const inside of scenario.clientsInside ?? []) await load.startInside(inside);
  await delay(steadyLoadMs, signal);
  feed.mark("steady");
  for (const step of scenario.steps) {
    job.report(step.step);
    await steps.take(step);
  }
  job.report("reading the facts back");
  await steps.healAll();
  await load.stop();
  feed.mark("load-stopped", { clients: load.tallies });
  await steps.audit();
  feed.mark("audited");
}

function zoneIdOf(job: ScenarioJob): string {
  return `${ownerOf().split("-")[0]}-${job.scenario.name}-${job.repeat}`;
}

function headerOf(job: ScenarioJob, plan?: ZonePlan): HistoryHeader {
  const { scenario } = job;
  return {
    format: historyFormat,
    suite: scenario.suite,
    scenario: scenario.name,
    repeat: job.repeat,
    seed: job.seed,
    entries: scenario.entries,
    plannedFaults: plannedFaults(scenario).map((one: FaultSpec) => ({ fault: one.fault, nodes: [one.node] })),
    zone: {
      vip: plan?.vip ?? planAddresses(0).vip,
      rpcPort: ports.rpc,
      nodes: Object.fromEntries(nodeNames.map((name) => [name, nodeFacts(name, plan)])) as HistoryHeader["zone"]["nodes"],
      spec: { ...defaultZoneSpec, ...job.zone } as unknown as Record<string, unknown>,
    },
    bounds: { ...job.bounds },
  };
}

function nodeFacts(name: NodeName, plan?: ZonePlan): HistoryHeader["zone"]["nodes"][NodeName] {
  const node = plan?.nodes[name];
  if (!node) return { zoneAddress: "" };
  return {
    zoneAddress: node.zoneAddress,
    ...(node.controlAddress ? { controlAddress: node.controlAddress } : {}),
    ...(node.certificateFingerprint ? { certificate: node.certificateFingerprint } : {}),
  };
}

/** Logs and configuration of every node; keys stay out. */
async function keepEvidence(zone: StartedZone, folder: string): Promise<void> {
  const logs = await zone.logs().catch((): Record<string, string> => ({}));
  for (const name of nodeNames) {
    if (logs[name] !== undefined) writeFileSync(join(folder, `${name}.log`), logs[name]);
    const texts = zone.plan.nodes[name].files.filter((one) => !one.path.includes("/certs/"));
    writeFileSync(join(folder, `${name}.conf.txt`), texts.map((one) => `# ${one.path}\n${one.text}\n`).join("\n"));
  }
}
