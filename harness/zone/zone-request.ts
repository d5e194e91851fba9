// What a caller asks of a zone, and what is reserved before it can be planned: an index and keys. Nothing is started
// here.

import type Docker from "dockerode";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { Privileges } from "#engine/privileges.ts";
import type { HistoryEvent } from "#history/event.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import type { StartOrder } from "#spec/scenario.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { planAddresses } from "#topology/plan-zone.ts";
import type { BridgeAllocator } from "./bridge-allocator.ts";
import type { ZoneImages } from "./images/ensure-images.ts";
import { ZonePki } from "./pki.ts";

export interface ZoneRequest {
  id: string;
  owner: string;
  spec: ZoneSpec;
  docker: Docker;
  bridges: BridgeAllocator;
  privileges: Privileges;
  images: Pick<ZoneImages, "node" | "agent" | "nodes">;
  /** What the nodes are like. */
  contract: NodeContract;
  /** The nodes start one after the other, and the observer before the first. Absent: all at once. */
  start?: StartOrder;
  /** Changes a planned node before it is started. Mutants are made so. */
  amend?: (node: PlannedNode, plan: ZonePlan) => void;
  onEvent: (event: HistoryEvent) => void;
  onNoise: (from: string, line: string) => void;
  onLost: (error: HarnessError) => void;
}

/** What must be known before a zone, or its peer, can be planned. */
export interface ReservedZone {
  index: number;
  vip: string;
  pki: ZonePki;
}

export async function reserveZone({ bridges, spec }: ZoneRequest): Promise<ReservedZone> {
  const index = await bridges.claim();
  const { vip } = planAddresses(index);
  return { index, vip, pki: await ZonePki.create(spec.zoneId, vip, spec.certificateLeftDays) };
}

export function startError(error: unknown): HarnessError {
  if (error instanceof HarnessError) return error;
  return new HarnessError("zone/start-failed", messageOf(error).trim(), { cause: error });
}
