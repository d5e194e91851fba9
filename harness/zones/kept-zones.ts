// Zones that `triad up` and `gate --keep` leave running. Each later command attaches to them again. kept-files.ts keeps
// the record.

import { defined } from "#base/defined.ts";
import { keepEmbedded, releaseEmbedded } from "#engine/embedded.ts";
import { keptOwner } from "#engine/labels.ts";
import { sweepZone } from "#engine/sweep.ts";
import type { HistoryEvent } from "#history/event.ts";
import { referenceContract } from "#spec/contract/node-contract.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { attachZone } from "#zone/attach-zone.ts";
import { Zone } from "#zone/start-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { ZoneRequest } from "#zone/zone-request.ts";
import {
  forget,
  isReserved,
  keptIdOf,
  type KeptZone,
  type RememberedZone,
  rememberedZones,
  reserve,
  reserveNumbered,
  saveKept,
} from "./kept-files.ts";
import { removeRecord } from "./record-files.ts";
import { endRecorder } from "./recorder-process.ts";
import type { Environment } from "#zone/environment.ts";

type OwnImages = Pick<KeptZone, "nodeImage" | "nodeImages">;

function requestFor(
  { engine, bridges, privileges, images, contract }: Environment,
  { id, spec, nodeImage, nodeImages }: { id: string; spec: ZoneSpec } & OwnImages,
  listener: Listener = {},
): ZoneRequest {
  const ignore = () => {};
  return {
    id,
    owner: keptOwner,
    spec,
    docker: engine.docker,
    bridges,
    privileges,
    images: { ...images, ...defined({ node: nodeImage, nodes: nodeImages }) },
    contract,
    onEvent: ignore,
    onNoise: ignore,
    onLost: ignore,
    ...listener,
  };
}

/** What gets the events of a zone, and hears of a lost agent. */
type Listener = Partial<Pick<ZoneRequest, "onEvent" | "onLost">>;

/** The events of a zone from its first moment, kept until somebody takes them. */
export class EarlyEvents {
  #events: HistoryEvent[] = [];
  #write = (event: HistoryEvent): void => void this.#events.push(event);

  readonly onEvent = (event: HistoryEvent): void => this.#write(event);

  /** Passes on the events so far, and from now on each one at once. */
  passTo(write: (event: HistoryEvent) => void): void {
    for (const event of this.#events.splice(0)) write(event);
    this.#write = write;
  }
}

interface KeptStart {
  name: string;
  spec: ZoneSpec;
  signal: AbortSignal;
  /** Called when the zone runs, while its observer still looks. */
  onStarted?: (kept: KeptZone, early: EarlyEvents) => Promise<void>;
}

/** Starts a zone and leaves it running. When that fails, or when the signal aborts, it removes what was started. */
export async function startKept(
  environment: Environment,
  { name, spec, signal, onStarted }: KeptStart,
): Promise<KeptZone> {
  // No sweep removes objects that are labelled as kept, so the record is written before there are any.
  const reserved = reserve(name, keptIdOf(name));
  try {
    signal.throwIfAborted();
    const early = new EarlyEvents();
    const listener = onStarted ? { onEvent: early.onEvent } : {};
    const zone = await new Zone(requestFor(environment, { id: reserved.id, spec }, listener)).start();
    signal.throwIfAborted();
    const kept = { name, plan: zone.plan, standing: [], ...ownImage(environment) };
    remember(environment, kept);
    await onStarted?.(kept, early);
    signal.throwIfAborted();
    await zone.leave();
    return kept;
  } catch (error) {
    // What cannot be removed now stays in the record, for `triad down`.
    await endKept(environment, reserved).catch(() => {});
    throw error;
  }
}

/** Leaves a zone of a run running. @returns its name for later commands. */
export async function letStand(environment: Environment, zone: StartedZone): Promise<string> {
  const { name } = reserveNumbered(zone.plan.id);
  remember(environment, { name, plan: zone.plan, standing: [], ...ownImage(environment) });
  await zone.leave();
  return name;
}

/** A later command opens an environment of its own, which knows the reference image only. */
function ownImage({ images }: Environment): OwnImages {
  return { ...(images.controller ? { nodeImage: images.node } : {}), ...defined({ nodeImages: images.nodes }) };
}

function remember(environment: Environment, kept: KeptZone): void {
  saveKept(kept);
  if (environment.engine.kind === "embedded") keepEmbedded("zones");
}

/**
 * The listener gets the events of the zone once its observer is open.
 *
 * @throws HarnessError `zone/not-running`
 */
export async function attachKept(
  environment: Environment,
  kept: KeptZone,
  listener: Listener = {},
): Promise<StartedZone> {
  const { plan, nodeImage, nodeImages } = kept;
  const own = defined({ nodeImage, nodeImages });
  const request = requestFor(environment, { id: plan.id, spec: plan.spec, ...own }, listener);
  return attachZone(request, { ...plan, contract: plan.contract ?? referenceContract });
}

/** Removes a zone, running or not. After the last one the embedded engine may end. */
export async function endKept(environment: Environment, zone: RememberedZone): Promise<void> {
  await endRecorder(zone.name);
  const { freedIndices } = await sweepZone(environment.engine.docker, isReserved(zone) ? zone.id : zone.plan.id);
  // Not the index of the plan: when its networks are gone, another zone may use that index by now.
  for (const index of freedIndices) await environment.bridges.release(index);
  forget(zone.name);
  removeRecord(zone.name);
  if (rememberedZones().length === 0 && environment.engine.kind === "embedded") releaseEmbedded("zones");
}
