// Carries out one scenario on a zone of its own and leaves its history, logs and configuration in a folder.
// It decides nothing: what did not happen in time is written down, and the checkers judge it.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { delay } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { keptOwner } from "#engine/labels.ts";
import { ownerOf } from "#engine/owner.ts";
import { Injector } from "#faults/injector.ts";
import { type HistoryEvent, type HistoryHeader, historyFormat } from "#history/event.ts";
import { type FaultSpec, nodesOf } from "#spec/faults.ts";
import { nodeNames, type NodeName, ports, serviceNodes } from "#spec/node.ts";
import { doubtAfter, peerZoneId, plannedFaults, plannedPeerFaults, type ScenarioSpec } from "#spec/scenario.ts";
import { type Bounds } from "#spec/verdict.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { planAddresses } from "#topology/plan-zone.ts";
import { startPair } from "#zone/pair.ts";
import { Zone } from "#zone/start-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { ZoneRequest } from "#zone/zone-request.ts";
import { LiveHistory } from "./live-history.ts";
import { Load } from "./load.ts";
import { historyFile } from "#history/read-history.ts";
import type { Environment } from "#zone/environment.ts";
import { openMonitors } from "./scenario-monitors.ts";
import { StepRunner } from "./step-runner.ts";

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
  /** Makes the peer zone a wrong one. */
  amendPeer?: (node: PlannedNode, plan: ZonePlan) => void;
  /**
   * Takes over the zone after its scenario, or leaves it to be ended. Absent: the zone is ended.
   *
   * @returns the name under which the zone stays up; undefined when it does not.
   */
  keepZone?: (folder: string, zone: StartedZone) => Promise<string | undefined>;
  /** No scenario follows on this zone. */
  isLast: boolean;
  signal: AbortSignal;
  /** What is being done now, for a progress line. */
  report: (phase: string) => void;
}

const readyDeadlineMs = 60_000;
const steadyDeadlineMs = 30_000;
const steadyLoadMs = 1_000;

/** A zone with its client host's client. */
interface StageZone {
  zone: StartedZone;
  load: Load;
  /** Where events go now; before a zone's first scenario they wait, between two they are dropped. */
  pen: Pen;
}

interface Pen {
  feed: LiveHistory | undefined;
  lines: string[];
  early: HistoryEvent[];
}

/** What scenarios are carried out on, one after the other; with a peer zone, one alone. */
export interface Stage extends StageZone {
  spec: ZoneSpec;
  peer?: StageZone;
}

/** Ends its zones. */
export async function endStage({ zone, peer }: Stage): Promise<void> {
  // The segment between the two belongs to the first.
  await peer?.zone[Symbol.asyncDispose]();
  await zone[Symbol.asyncDispose]();
}

/** What became of a scenario: a zone that is steady again and may be used for the next one, or none. */
export interface ScenarioEnd {
  stage: Stage | undefined;
  /** The name under which its zone was left standing. */
  standsAs?: string;
  /** Why its zone was thrown away although another scenario could have followed. */
  thrownAway?: string;
}

/**
 * Runs one scenario on the stage it is given, or on a new one. Trouble of the harness goes into the history too; it
 * throws only when the history cannot be written, or when no other scenario could be run either. The zone is ended here
 * unless it comes back in the answer. A scenario with a cold start is given none.
 */
export async function runScenario(site: Environment, job: ScenarioJob, given?: Stage): Promise<ScenarioEnd> {
  mkdirSync(job.folder, { recursive: true });
  let stage = given;
  let feed: LiveHistory | undefined;
  let unfit: string | null = "its scenario did not reach its end";
  let hopeless: HarnessError | undefined;
  try {
    using place = given ? undefined : await placeToStart(site, job);
    job.signal.throwIfAborted();
    stage ??= await openStage(site, job);
    feed = LiveHistory.open(join(job.folder, historyFile), headerOf(job, stage));
    for (const { pen, feed: its } of feedsOf(stage, feed)) {
      pen.feed = its;
      its.mark("zone-created", given ? { isUsedAgain: true } : {});
      // What a zone that is used again told since its last scenario belongs to neither; it tells all anew when watched.
      const early = pen.early.splice(0);
      if (!given) for (const event of early) its.record(event);
    }
    unfit = await carryOut(stage, feed, { ...job, place });
  } catch (error) {
    feed ??= LiveHistory.open(join(job.folder, historyFile), headerOf(job));
    const trouble = HarnessError.from(error);
    feed.trouble(trouble);
    if (isHopeless(trouble)) hopeless = trouble;
  }
  if (stage) await keepEvidence(stage, job.folder);
  const lines = [stage?.pen, stage?.peer?.pen].flatMap((pen) => pen?.lines.splice(0) ?? []);
  writeFileSync(join(job.folder, "agent.log"), `${lines.join("\n")}\n`);
  feed[Symbol.dispose]();
  if (hopeless) {
    if (stage) await endStage(stage);
    throw hopeless;
  }
  if (stage) for (const { pen } of [stage, ...(stage.peer ? [stage.peer] : [])]) pen.feed = undefined;
  // A pair is never left standing: the commands for a zone that is up know of one.
  const standsAs = stage && !stage.peer ? await job.keepZone?.(job.folder, stage.zone) : undefined;
  if (standsAs) return { stage: undefined, standsAs };
  if (stage && unfit === null) return { stage };
  if (stage) await endStage(stage);
  return { stage: undefined, ...(job.isLast || unfit === null ? {} : { thrownAway: unfit }) };
}

async function placeToStart(site: Environment, job: ScenarioJob): Promise<Disposable> {
  job.report("waiting to start");
  return site.starting.enter();
}

async function openStage(site: Environment, job: ScenarioJob): Promise<Stage> {
  job.report("starting");
  const id = zoneIdOf(job);
  const pen = newPen();
  const own = { ...requestFor(site, job, pen), id, spec: job.zone, ...(job.amend ? { amend: job.amend } : {}) };
  if (job.scenario.peers === undefined) {
    const zone = await new Zone({ ...own, ...(job.scenario.start ? { start: job.scenario.start } : {}) }).start();
    return { zone, load: new Load(zone), pen, spec: job.zone };
  }
  const peerPen = newPen();
  const spec = { ...defaultZoneSpec, tier: job.zone.tier, zoneId: peerZoneId };
  const amend = job.amendPeer ? { amend: job.amendPeer } : {};
  const [zone, peer] = await startPair(own, {
    ...requestFor(site, job, peerPen),
    id: `${id}-b`,
    spec,
    ...amend,
  });
  return {
    zone,
    load: new Load(zone),
    pen,
    spec: job.zone,
    peer: { zone: peer, load: new Load(peer), pen: peerPen },
  };
}

function newPen(): Pen {
  return { feed: undefined, lines: [], early: [] };
}

function requestFor(site: Environment, job: ScenarioJob, pen: Pen): Omit<ZoneRequest, "id" | "spec"> {
  return {
    owner: job.keepZone ? keptOwner : ownerOf(),
    docker: site.engine.docker,
    bridges: site.bridges,
    privileges: site.privileges,
    images: site.images,
    onEvent: (event) => void (pen.feed ? pen.feed.record(event) : pen.early.push(event)),
    onNoise: (from, line) => void pen.lines.push(`${from}: ${line}`),
    onLost: (error) => pen.feed?.trouble(error),
  };
}

/** Each zone's pen and its feed; the peer's writes into the same history. */
function feedsOf(stage: Stage, feed: LiveHistory): { pen: Pen; feed: LiveHistory }[] {
  return [{ pen: stage.pen, feed }, ...(stage.peer ? [{ pen: stage.peer.pen, feed: feed.ofPeer() }] : [])];
}

/** One zone of a scenario that is being carried out. */
interface Side {
  zone: StartedZone;
  load: Load;
  feed: LiveHistory;
  steps: StepRunner;
}

/** The scenario's own zone, and its peer where it has one. */
function sidesOf(stage: Stage, job: ScenarioJob): [Side, ...Side[]] {
  const sideOf = ({ zone, load, pen }: StageZone, own: { seed: number; folder: string }, peer?: Side): Side => {
    const feed = pen.feed!;
    const injector = new Injector(zone, (event) => feed.record(event));
    const site = { zone, feed, load, injector, signal: job.signal, ...own };
    return { zone, load, feed, steps: new StepRunner(site, peer?.steps) };
  };
  // Another seed: message ids are unique over both zones.
  const ofPeer = { seed: job.seed + 1, folder: join(job.folder, "peer") };
  const peer = stage.peer && sideOf(stage.peer, ofPeer);
  const own = sideOf(stage, { seed: job.seed, folder: job.folder }, peer);
  return peer ? [own, peer] : [own];
}

/** @returns why the zone cannot be used for another scenario; null when it is steady and alpha is active again. */
async function carryOut(
  stage: Stage,
  feed: LiveHistory,
  job: ScenarioJob & { place: Disposable | undefined },
): Promise<string | null> {
  const { signal, scenario } = job;
  const sides = sidesOf(stage, job);
  const [{ zone, load, steps }] = sides;
  const both = async (act: (side: Side, place: number) => unknown) => void (await Promise.all(sides.map(act)));
  job.report("waiting for the first answer");
  await both((side) => side.zone.watch()); // every node's first look belongs into this history
  await both((side, place) => side.load.start(job.seed + place));
  job.place?.[Symbol.dispose]();
  const whyNots = await Promise.all(sides.map((side) => whyNotSteady(side, job)));
  const whyNot = whyNots.find((why) => why !== null);
  if (whyNot && scenario.start) return leaveUnsteady(whyNot, stage, feed);
  if (whyNot) throw whyNot;
  await using _monitors = scenario.monitors ? await openMonitors(zone, feed, job.bounds) : undefined;
  for (const inside of scenario.clientsInside ?? []) await load.startInside(inside);
  await both((side) => side.feed.mark("load-started", { appendPerS: side.load.appendPerS }));
  await delay(steadyLoadMs, signal);
  await both((side) => side.feed.mark("steady"));
  for (const step of scenario.steps) {
    job.report(step.step);
    await steps.take(step);
  }
  job.report("reading the facts back");
  await both((side) => side.steps.healAll());
  await both((side) => side.load.stop());
  await both((side) => side.feed.mark("load-stopped", { clients: side.load.tallies }));
  if (stage.peer) {
    await steps.untilExchanged();
    await both((side) => side.steps.take({ step: "files", nodes: [...serviceNodes] }));
  }
  await both((side) => side.steps.audit());
  await both((side) => side.feed.mark("audited"));
  if (stage.peer) return "it is one of a pair";
  if (job.isLast) return "no scenario follows";
  const doubt = doubtAfter(scenario);
  if (doubt) return doubt;
  job.report("handing back to alpha");
  feed.close(); // what follows belongs to no scenario
  return (await steps.handBack("keepalived")) ? null : "it did not come back to its steady state";
}

/** Null once this zone answers and is steady. */
async function whyNotSteady({ feed, steps }: Side, { signal, scenario }: ScenarioJob): Promise<HarnessError | null> {
  const isOk = (event: HistoryEvent) => event.type === "ok" && event.f === "append";
  const first = feed.next(isOk, { what: "the first answer through the VIP", deadlineMs: readyDeadlineMs, signal });
  return first.then(
    async () => {
      feed.mark("zone-ready");
      if (!scenario.start) await steps.beginAtAlpha();
      return becomesSteady(steps);
    },
    (error: unknown) => notReady(error, signal),
  );
}

/** Trouble with the engine or the images: no scenario will fare better. */
function isHopeless({ code }: HarnessError): boolean {
  return code.startsWith("engine/") || code.startsWith("image/");
}

/** Null once the zone is steady, else the error that says what it lacks. */
async function becomesSteady(steps: StepRunner): Promise<HarnessError | null> {
  try {
    await steps.untilSteady(steadyDeadlineMs);
    return null;
  } catch (error) {
    if (error instanceof HarnessError && error.code === "zone/not-ready") return error;
    throw error;
  }
}

function notReady(error: unknown, signal: AbortSignal): HarnessError {
  if (signal.aborted) throw error;
  return new HarnessError("zone/not-ready", HarnessError.from(error).message);
}

/** A cold start that leads nowhere is what such a scenario is to find: written down, never trouble of the harness. */
async function leaveUnsteady(why: HarnessError, { load }: Stage, feed: LiveHistory): Promise<string> {
  feed.mark("steady", { isTimedOut: true, saw: why.message });
  await load.stop();
  feed.mark("load-stopped", { clients: load.tallies });
  return "it never became steady";
}

/** Zones started by this process: the same scenario may run on several at once. */
let zonesStarted = 0;

function zoneIdOf(job: ScenarioJob): string {
  zonesStarted += 1;
  return `${ownerOf().split("-")[0]}-${zonesStarted}-${job.scenario.name}`;
}

function headerOf(job: ScenarioJob, stage?: Stage): HistoryHeader {
  const { scenario } = job;
  const words = (faults: FaultSpec[]) => faults.map((one) => ({ fault: one.fault, nodes: nodesOf(one) }));
  const peer = stage?.peer?.zone.plan;
  return {
    format: historyFormat,
    suite: scenario.suite,
    scenario: scenario.name,
    repeat: job.repeat,
    seed: job.seed,
    entries: scenario.entries,
    plannedFaults: words(plannedFaults(scenario)),
    zone: zoneFacts({ ...defaultZoneSpec, ...job.zone }, stage?.zone.plan),
    ...(peer ? { peer: { zone: zoneFacts(peer.spec, peer), plannedFaults: words(plannedPeerFaults(scenario)) } } : {}),
    bounds: { ...job.bounds },
  };
}

function zoneFacts(spec: ZoneSpec, plan?: ZonePlan): HistoryHeader["zone"] {
  return {
    vip: plan?.vip ?? planAddresses(0).vip,
    rpcPort: ports.rpc,
    nodes: Object.fromEntries(nodeNames.map((name) => [name, nodeFacts(name, plan)])) as HistoryHeader["zone"]["nodes"],
    spec: spec as unknown as Record<string, unknown>,
  };
}

function nodeFacts(name: NodeName, plan?: ZonePlan): HistoryHeader["zone"]["nodes"][NodeName] {
  const node = plan?.nodes[name];
  if (!node) return { zoneAddress: "" };
  return {
    zoneAddress: node.zoneAddress,
    ...(node.controlAddress ? { controlAddress: node.controlAddress } : {}),
    ...(node.peerAddress ? { peerAddress: node.peerAddress } : {}),
    ...(node.certificateFingerprint ? { certificate: node.certificateFingerprint } : {}),
  };
}

/** Logs and configuration of every node; keys stay out. */
async function keepEvidence({ zone, peer }: Stage, folder: string): Promise<void> {
  await keepEvidenceOf(zone, (name) => join(folder, name));
  if (peer) await keepEvidenceOf(peer.zone, (name) => join(folder, `peer-${name}`));
}

async function keepEvidenceOf(zone: StartedZone, pathOf: (name: string) => string): Promise<void> {
  const logs = await zone.logs().catch((): Record<string, string> => ({}));
  for (const name of nodeNames) {
    if (logs[name] !== undefined) writeFileSync(pathOf(`${name}.log`), logs[name]);
    const texts = zone.plan.nodes[name].files.filter((one) => !one.path.includes("/certs/"));
    writeFileSync(pathOf(`${name}.conf.txt`), texts.map((one) => `# ${one.path}\n${one.text}\n`).join("\n"));
  }
}
