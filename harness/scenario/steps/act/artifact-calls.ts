// Steps "put-artifact", "get-artifact" and "refer-artifact": calls through the VIP. Their outcome is in the history;
// only trouble of the harness throws.

import type { StepOf } from "#spec/steps.ts";
import { peerZoneId } from "#spec/scenario.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { ArtifactCall } from "#protocol/commands/artifact.ts";
import { artifactOf, bucket } from "#scenario/artifacts.ts";
import type { LiveHistory } from "#scenario/live-history.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Puts the artifact `name` through the VIP. */
    "put-artifact": { name: string };
    /** Asks for the artifact `name` through the VIP. */
    "get-artifact": { name: string };
    /** Appends a fact that names the artifact, so that the peer zone knows of it. */
    "refer-artifact": { name: string };
  }
}

/** Storage flushes before it acknowledges, and a disk may be slow for seconds. */
const callTimeoutMs = 8_000;
/** A node that lacks the artifact dials its peer (3 s) and asks it (10 s) before it answers. */
const getTimeoutMs = 15_000;
/** Operation numbers of these calls; those of the load lie below. */
const firstOp = 1_000_000_000;

/** Calls made so far in each history: each call has an operation number of its own. */
const calls = new WeakMap<LiveHistory, number>();

export function putArtifact(context: StepContext, { name }: StepOf<"put-artifact">): Promise<void> {
  return call(context, name, { f: "put" });
}

export function getArtifact(context: StepContext, { name }: StepOf<"get-artifact">): Promise<void> {
  return call(context, name, { f: "get" });
}

export function referArtifact(context: StepContext, { name }: StepOf<"refer-artifact">): Promise<void> {
  const { spec, peer } = context.zone.plan;
  return call(context, name, { f: "refer", fromZone: spec.zoneId, toZone: peer?.zoneId ?? peerZoneId });
}

async function call(context: StepContext, name: string, what: ArtifactCall): Promise<void> {
  const { plan, actuator, pki } = context.zone;
  const count = calls.get(context.history) ?? 0;
  calls.set(context.history, count + 1);
  const timeoutMs = what.f === "get" ? getTimeoutMs : callTimeoutMs;
  const request = {
    do: "artifact" as const,
    ...what,
    target: `${plan.vip}:${plan.contract.ports.rpc}`,
    serverName: plan.spec.zoneId,
    certificates: { ...clientCertificatePaths },
    fingerprints: pki.fingerprints,
    bucket,
    ...artifactOf(context, name),
    op: firstOp + count,
    callTimeoutMs: timeoutMs,
  };
  // The session and the answer may take `timeoutMs` each; the actuator needs a little more.
  await actuator.ask(request, 2 * timeoutMs + 5_000);
}
