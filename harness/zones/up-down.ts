// `triad up` and `triad down`.

import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { DownOptions, UpOptions } from "#api/zone-options.ts";
import { nodeNames } from "#spec/node.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { noProfile, readNodeContract, refuseBoth } from "#profile/read-profile.ts";
import { Environment } from "#zone/environment.ts";
import { findRemembered, isBeingStarted, isReserved, rememberedZones, reservedText } from "./kept-files.ts";
import { endKept, startKept } from "./kept-zones.ts";

export async function up(options: UpOptions, { progress, signal }: RunContext): Promise<Answer> {
  const { name, tier, stores, controller, image } = options;
  const contract = contractFor(options);
  const step = progress.step(`zone ${name}`);
  await using environment = await Environment.open(
    (line) => step.update(line),
    defined({ controller, image, contract }),
  );
  const tested = environment.images.controller?.image;
  const { plan } = await startKept(environment, { name, spec: { ...defaultZoneSpec, tier, stores }, signal });
  step.done();
  const summary = [
    `zone ${name} is up, VIP ${plan.vip}`,
    ...(tested ? [`controller ${tested}`] : []),
    ...imageLines(environment),
    ...nodeNames.map((node) => `  ${node.padEnd(6)} ${plan.nodes[node].zoneAddress}`),
    `next: ./triad status, ./triad watch ${name}, ./triad down ${name}`,
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

export async function down(options: DownOptions, { progress }: RunContext): Promise<Answer> {
  const zones = options.isAll ? rememberedZones() : [findRemembered(options.name)];
  const starting = zones.filter(isReserved).find(isBeingStarted);
  if (starting)
    throw new HarnessError("usage/bad-value", reservedText(starting), {
      remedy: "Wait until it is up, or end that process, which then removes the zone. Nothing was removed now.",
    });
  if (zones.length > 0) {
    await using environment = await Environment.open((line) => progress.say(line));
    for (const zone of zones) await endKept(environment, zone);
  }
  const names = zones.map((one) => one.name);
  return { summary: names.length > 0 ? `removed ${names.join(", ")}` : "no zone is up", data: { removed: names } };
}
