// `triad inspect`: starts one zone of a node image, looks at it until the contract is met or the time is over, and
// removes it. It says what is missing before a person waits for a gate.

import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { ownerOf } from "#engine/owner.ts";
import type { RunContext } from "#api/operations.ts";
import type { Shown } from "#api/answers.ts";
import type { InspectOptions } from "#api/zone-options.ts";
import { readNodeContract } from "#profile/read-profile.ts";
import { mapNodes, nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { Environment } from "#zone/environment.ts";
import { Zone } from "#zone/start-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import { type ContractPoint, contractPoints } from "./contract-points.ts";
import { EventTray, gatherFacts } from "./gather-node-facts.ts";
import type { ZoneFacts } from "./node-facts.ts";

/** A right node is ready after 10 to 20 s. Together with the start of the zone this stays below a minute. */
const readyMs = 35_000;
const pauseMs = 1_500;

export async function inspectNodeImage(options: InspectOptions, context: RunContext): Promise<Shown> {
  const { image, profile } = options;
  const { progress, signal } = context;
  const contract = readNodeContract(profile);
  const step = progress.step("inspect");
  await using environment = await Environment.open((line) => step.update(line), { image, contract });
  const tray = new EventTray();
  const points = await pointsOf(environment, tray, { report: (line) => step.update(line), signal });
  step.done();
  const taken = environment.images.nodes!;
  const wrong = points.filter(({ state }) => state === "not met" || state === "not known");
  return {
    summary: [
      ...new Set(nodeNames.map((name) => `node image ${taken[name].image}, as ${contract.name}`)),
      ...points.map(lineOf),
      wrong.length === 0
        ? `a gate can test this node: ${points.length} points`
        : `${wrong.length} of ${points.length} points are not met. Begin with ${wrong[0]!.id}: others may follow from it`,
    ].join("\n"),
    data: { images: mapNodes((name) => taken[name].image), points },
    exitCode: wrong.length === 0 ? 0 : 3,
  };
}

interface Watched {
  report: (line: string) => void;
  signal: AbortSignal;
}

async function pointsOf(environment: Environment, tray: EventTray, watched: Watched): Promise<ContractPoint[]> {
  const { engine, bridges, privileges, images, contract } = environment;
  const started = new Zone({
    id: `${ownerOf().split("-")[0]}-inspect`,
    owner: ownerOf(),
    spec: defaultZoneSpec,
    docker: engine.docker,
    bridges,
    privileges,
    images,
    contract,
    onEvent: tray.take,
    onNoise: () => {},
    onLost: () => {},
  });
  watched.report("starting a zone");
  let zone: StartedZone;
  try {
    zone = await started.start();
  } catch (error) {
    const { code, message } = HarnessError.from(error);
    if (code !== "image/breaks-contract" && code !== "zone/start-failed") throw error;
    return [{ id: "stays-up", says: "the container of each node stays up", state: "not met", saw: message }];
  }
  try {
    return await lookedAt(zone, tray, watched);
  } finally {
    await zone[Symbol.asyncDispose]();
  }
}

/** Looks again while something is missing: a node needs some seconds to become active. */
async function lookedAt(zone: StartedZone, tray: EventTray, { report, signal }: Watched): Promise<ContractPoint[]> {
  const startNs = nowNs();
  for (;;) {
    signal.throwIfAborted();
    const facts: ZoneFacts = await gatherFacts(zone, tray);
    const points = contractPoints(facts, zone.plan);
    const wrong = points.filter(({ state }) => state === "not met" || state === "not known");
    const isOver = elapsedMs(startNs) > readyMs || nodeNames.some((name) => !facts.nodes[name].isUp);
    if (wrong.length === 0 || isOver) return points;
    report(`waiting for ${wrong[0]!.id}`);
    await delay(pauseMs, signal);
  }
}

function lineOf({ id, says, state, saw, key }: ContractPoint): string {
  const line = `${state.padEnd(11)}${id.padEnd(20)} ${says}`;
  if (saw === undefined) return line;
  return [line, `             saw      ${saw}`, ...(key ? [`             profile  ${key}`] : [])].join("\n");
}
