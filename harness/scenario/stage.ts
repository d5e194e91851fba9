// A stage: the zone that scenarios run on, one after the other. A pair of zones serves one scenario only.

import { defined } from "#base/defined.ts";
import { keptOwner } from "#engine/labels.ts";
import { ownerOf } from "#engine/owner.ts";
import { peerZoneId } from "#spec/scenario.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { Environment } from "#zone/environment.ts";
import { startPair } from "#zone/pair.ts";
import { Zone } from "#zone/start-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { ZoneRequest } from "#zone/zone-request.ts";
import { EventSink } from "./event-sink.ts";
import { Load } from "./load.ts";
import type { ScenarioJob } from "./scenario-job.ts";

/** A zone with the load of its client host. */
export interface StageZone {
  readonly zone: StartedZone;
  readonly load: Load;
  readonly sink: EventSink;
}

export class Stage implements AsyncDisposable {
  readonly spec: ZoneSpec;
  readonly own: StageZone;
  readonly peer: StageZone | undefined;

  constructor(spec: ZoneSpec, own: StageZone, peer?: StageZone) {
    this.spec = spec;
    this.own = own;
    this.peer = peer;
  }

  get zones(): StageZone[] {
    return this.peer ? [this.own, this.peer] : [this.own];
  }

  /** Ends its zones. The segment between a pair belongs to the first, which is therefore ended last. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer?.zone[Symbol.asyncDispose]();
    await this.own.zone[Symbol.asyncDispose]();
  }
}

/** What starts zones. */
interface Starters {
  startZone: (request: ZoneRequest) => Promise<StartedZone>;
  startPair: typeof startPair;
}

const real: Starters = { startZone: (request) => new Zone(request).start(), startPair };

/** Starts the zones that the job's scenario needs. */
export async function openStage(environment: Environment, job: ScenarioJob, starters: Starters = real): Promise<Stage> {
  const id = nextZoneId(job);
  const sink = new EventSink();
  const { start, peers } = job.scenario;
  const own = { ...requestFor(environment, job, sink), id, spec: job.zone, ...defined({ amend: job.amend }) };
  if (peers === undefined) {
    const zone = await starters.startZone({ ...own, ...defined({ start }) });
    return new Stage(job.zone, { zone, load: new Load(zone), sink });
  }
  const peerSink = new EventSink();
  const [zone, peer] = await starters.startPair(own, {
    ...requestFor(environment, job, peerSink),
    id: `${id}-b`,
    spec: { ...defaultZoneSpec, tier: job.zone.tier, zoneId: peerZoneId },
    ...defined({ amend: job.amendPeer }),
  });
  return new Stage(
    job.zone,
    { zone, load: new Load(zone), sink },
    { zone: peer, load: new Load(peer), sink: peerSink },
  );
}

function requestFor(
  { engine, bridges, privileges, images, contract }: Environment,
  job: ScenarioJob,
  { onEvent, onNoise, onLost }: EventSink,
): Omit<ZoneRequest, "id" | "spec"> {
  const owner = job.keepZone ? keptOwner : ownerOf();
  return { owner, docker: engine.docker, bridges, privileges, images, contract, onEvent, onNoise, onLost };
}

/** Zones that this process started: the same scenario may run on several at once. */
let zonesStarted = 0;

function nextZoneId({ scenario }: ScenarioJob): string {
  zonesStarted += 1;
  return `${ownerOf().split("-")[0]}-${zonesStarted}-${scenario.name}`;
}
