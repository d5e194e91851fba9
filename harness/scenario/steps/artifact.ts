// The steps around artifacts: put one, ask for it, see on which disk it lies and whether its content is in the message
// store. What a call came to is in the history; only trouble of the harness throws.

import { HarnessError } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import { type NodeName, nodeNames, ports, serviceNodes } from "#spec/node.ts";
import type { Step } from "#spec/scenario.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { ArtifactCall } from "#protocol/commands/artifact.ts";
import type { StepContext } from "../step-context.ts";

const bucket = "triad";
const artifactBytes = 65_536;
/** Storage flushes before it acknowledges, and a disk may be slow for seconds. */
const callTimeoutMs = 8_000;
/** A node that has not what is asked for dials its peer (3 s) and asks it (10 s) before it answers. */
const getTimeoutMs = 15_000;
/** Operation numbers of these calls; those of the load lie below. */
const firstOp = 1_000_000_000;
const searchDeadlineMs = 30_000;
/** A page, the artifact, and a disk that may be slow for seconds. */
const copyDeadlineMs = 20_000;
const copyLookMs = 500;

/** Folders of the node contract. */
const artifactFolder = "/artifacts";
const storeFolder = "/data/jetstream";

/** One artifact of this zone and scenario: in a zone that is used again it must not be that of an earlier one. */
const artifactOf = ({ seed }: StepContext, name: string) => {
  const key = `${name}-${seed}`;
  return { key, content: { seed: key, bytes: artifactBytes } };
};

/** Calls made so far, by site: each has an operation number of its own. */
const calls = new WeakMap<StepContext, number>();

export async function callArtifact(
  site: StepContext,
  { step, name }: Extract<Step, { step: "put-artifact" | "get-artifact" }>,
): Promise<void> {
  await call(site, name, { f: step === "put-artifact" ? "put" : "get" });
}

/** Appends a fact that names it, as whoever uploads an artifact does afterwards. */
export async function referArtifact(site: StepContext, name: string): Promise<void> {
  const { spec, peer } = site.zone.plan;
  await call(site, name, { f: "refer", fromZone: spec.zoneId, toZone: peer?.zoneId ?? "enterprise-bsfg" });
}

async function call(site: StepContext, name: string, what: ArtifactCall): Promise<void> {
  const { plan, actuator, pki } = site.zone;
  const count = calls.get(site) ?? 0;
  calls.set(site, count + 1);
  const timeoutMs = what.f === "get" ? getTimeoutMs : callTimeoutMs;
  const request = {
    do: "artifact" as const,
    ...what,
    target: `${plan.vip}:${ports.rpc}`,
    serverName: plan.spec.zoneId,
    certificates: { ...clientCertificatePaths },
    fingerprints: pki.fingerprints,
    bucket,
    ...artifactOf(site, name),
    op: firstOp + count,
    callTimeoutMs: timeoutMs,
  };
  // A session is waited for as long as an answer; the hand itself has a little more.
  await actuator.ask(request, 2 * timeoutMs + 5_000);
}

/** Of the service-bearing nodes: gamma has no artifact storage. */
export async function listArtifacts({ zone }: StepContext, nodes: readonly NodeName[]): Promise<void> {
  const up = nodes.filter((node) => zone.node(node).isUp);
  await Promise.all(up.map((node) => zone.askNode(node, { do: "files", folder: artifactFolder })));
}

/** Waits until a service-bearing node of `there` holds the artifact `name` of `here`; what was listed is in the history. */
export async function awaitCopy(here: StepContext, there: StepContext, name: string): Promise<void> {
  const path = `${bucket}/${artifactOf(here, name).key}`;
  const look = async (): Promise<Look<true>> => {
    const up = serviceNodes.filter((node) => there.zone.node(node).isUp);
    const lists = up.map((node) => there.zone.askNode(node, { do: "files", folder: artifactFolder }));
    const found = (await Promise.all(lists)).some(({ paths }) => paths.includes(path));
    return found ? { done: true } : { saw: "no such file" };
  };
  // One that does not come is what such a scenario is to find.
  const options = {
    what: `a copy of ${path}`,
    deadlineMs: copyDeadlineMs,
    intervalMs: copyLookMs,
    signal: here.signal,
  };
  await pollUntil(look, options).catch((error: unknown) => {
    if (!(error instanceof HarnessError) || error.code !== "wait/timeout") throw error;
  });
}

export async function searchFor(site: StepContext, name: string): Promise<void> {
  const { zone } = site;
  const { key, content } = artifactOf(site, name);
  for (const node of nodeNames.filter((one) => zone.node(one).isUp)) {
    const folders = zone.plan.nodes[node].controlAddress ? [artifactFolder, storeFolder] : [storeFolder];
    for (const folder of folders) {
      const request = { do: "search" as const, folder, key: `${bucket}/${key}`, content };
      await zone.askNode(node, request, searchDeadlineMs);
    }
  }
}
