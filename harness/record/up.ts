// `triad up`: starts a zone, begins its record at its first moment, and leaves both running.

import { nowNs, wallTime } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { freshSeed } from "#base/random.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { UpOptions } from "#api/zone-options.ts";
import { noProfile, readNodeContract, refuseBoth } from "#profile/read-profile.ts";
import { headerOf } from "#scenario/history-header.ts";
import type { ScenarioJob } from "#scenario/scenario-job.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import { nodeNames } from "#spec/node.ts";
import { byHandSuite } from "#spec/scenario.ts";
import { defaultBounds } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { Environment } from "#zone/environment.ts";
import type { KeptZone } from "#zones/kept-files.ts";
import { type EarlyEvents, startKept } from "#zones/kept-zones.ts";
import { beginRecord, RecordWriter } from "#zones/record-files.ts";
import { startRecorder, untilRecording } from "#zones/recorder-process.ts";

export async function up(options: UpOptions, { progress, signal }: RunContext): Promise<Answer> {
  const { name, tier, stores, controller, image, hasLoad } = options;
  const contract = contractFor(options);
  const step = progress.step(`zone ${name}`);
  await using environment = await Environment.open(
    (line) => step.update(line),
    defined({ controller, image, contract }),
  );
  const tested = environment.images.controller?.image;
  const seed = freshSeed();
  const onStarted = async (kept: KeptZone, early: EarlyEvents) => {
    const { plan } = kept;
    const header = headerOf(jobOf(kept, seed), { own: plan }, environment.images.controller);
    beginRecord(name, { ...header, byHand: true }, { zoneId: plan.id, startedAt: wallTime(), seed, hasLoad });
    const writer = new RecordWriter(name);
    writer.write({ t: nowNs(), type: "mark", mark: "zone-created" });
    early.passTo(writer.write);
    startRecorder(name);
    await untilRecording(name, (doing) => step.update(doing), signal);
  };
  const { plan } = await startKept(environment, {
    name,
    spec: { ...defaultZoneSpec, tier, stores },
    signal,
    onStarted,
  });
  step.done();
  const summary = [
    `zone ${name} is up, VIP ${plan.vip}`,
    ...(tested ? [`controller ${tested}`] : []),
    ...imageLines(environment),
    ...nodeNames.map((node) => `  ${node.padEnd(6)} ${plan.nodes[node].zoneAddress}`),
    hasLoad ? "recorded under load from its first moment" : "recorded from its first moment, without load",
    `next: ./triad watch ${name}, ./triad fault kill alpha, ./triad judge ${name}, ./triad down ${name}`,
  ].join("\n");
  return { summary, data: { name, vip: plan.vip, ...defined({ controller: tested }) } };
}

/**
 * What the nodes of an image are like.
 *
 * @throws HarnessError `node-image/no-profile`; what reading the profile throws
 */
function contractFor({ image, controller, profile }: UpOptions): NodeContract | undefined {
  refuseBoth({ image, controller });
  if (!image) return undefined;
  if (profile === undefined) throw noProfile();
  return readNodeContract(profile);
}

/** One line for each image of another vendor. */
function imageLines({ images, contract }: Environment): string[] {
  const all = new Set(Object.values(images.nodes ?? {}).map(({ image }) => image));
  return [...all].map((image) => `node image ${image}, as ${contract.name}`);
}

function jobOf({ plan }: KeptZone, seed: number): ScenarioJob {
  return {
    scenario: { name: byHandSuite, suite: byHandSuite, entries: [], provokes: [], steps: [] },
    repeat: 1,
    seed,
    folder: "",
    zone: plan.spec,
    bounds: defaultBounds,
    isLast: true,
    signal: new AbortController().signal,
    report: () => {},
  };
}
