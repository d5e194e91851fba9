// The commands on a zone that stays up, but for status: up, down, fault, cut, heal, logs, exec. Each attaches, acts and leaves.

import { spawn } from "node:child_process";
import { HarnessError } from "#base/errors.ts";
import { isEmbeddedRunning } from "#engine/embedded.ts";
import { faultOf, faults } from "#faults/registry.ts";
import { type CutSpec, describeFault, type FaultSpec } from "#spec/faults.ts";
import { nodeNames } from "#spec/node.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Answer, CutOptions, ExecOptions, FaultOptions, LogsOptions, RunContext } from "#api/api.ts";
import {
  findKept,
  findRemembered,
  isBeingStarted,
  isReserved,
  type KeptZone,
  rememberedZones,
  reservedText,
  saveKept,
} from "./kept-files.ts";
import { attachKept, endKept, startKept } from "./kept-zones.ts";
import { Environment } from "#zone/environment.ts";

export async function zoneUp(
  options: { name: string; tier: Tier; stores: StoreKind },
  { progress, signal }: RunContext,
): Promise<Answer> {
  const { name, tier, stores } = options;
  const step = progress.step(`zone ${name}`);
  await using site = await Environment.open((line) => step.update(line));
  const kept = await startKept(site, { name, spec: { ...defaultZoneSpec, tier, stores }, signal });
  step.done();
  const lines = nodeNames.map((name) => `  ${name.padEnd(6)} ${kept.plan.nodes[name].zoneAddress}`);
  const summary = [
    `zone ${kept.name} is up, VIP ${kept.plan.vip}`,
    ...lines,
    "look: ./triad status   end: ./triad down",
  ].join("\n");
  return { summary, data: { name: kept.name, vip: kept.plan.vip } };
}

export async function zoneDown(options: { name?: string; isAll: boolean }, { progress }: RunContext): Promise<Answer> {
  const zones = options.isAll ? rememberedZones() : [findRemembered(options.name)];
  const starting = zones.filter(isReserved).find(isBeingStarted);
  if (starting)
    throw new HarnessError("usage/bad-value", reservedText(starting), {
      remedy: "Wait until it is up, or end that process, which then removes it. Nothing was removed now.",
    });
  if (zones.length > 0) {
    await using site = await Environment.open((line) => progress.say(line));
    for (const zone of zones) await endKept(site, zone);
  }
  const names = zones.map((one) => one.name);
  return { summary: names.length > 0 ? `removed ${names.join(", ")}` : "no zone was up", data: { removed: names } };
}

/** Attaches to a zone that is up, the only one when none is named. @throws HarnessError `usage/unknown-zone` */
export async function withZone<T>(
  name: string | undefined,
  context: RunContext,
  act: (zone: StartedZone, kept: KeptZone) => Promise<T>,
): Promise<T> {
  const kept = findKept(name);
  await using site = await Environment.open((line) => context.progress.say(line));
  const zone = await attachKept(site, kept);
  try {
    return await act(zone, kept);
  } finally {
    await zone.leave();
  }
}

async function injectAndRemember(zone: StartedZone, kept: KeptZone, spec: FaultSpec): Promise<string> {
  // Written down before it is done, so that `heal` finds it whatever happens in between.
  saveKept({ ...kept, standing: [...kept.standing.filter((one) => describeFault(one) !== describeFault(spec)), spec] });
  const { proof } = await faultOf(spec).inject(zone, spec);
  return `${describeFault(spec)}: ${proof}`;
}

export async function fault(options: FaultOptions, context: RunContext): Promise<string> {
  const { way, node } = options;
  return withZone(options.zone, context, async (zone, kept) => {
    if (way !== "resume") return injectAndRemember(zone, kept, { fault: way, node });
    const proof = await faults.pause.heal(zone, { fault: "pause", node });
    saveKept({ ...kept, standing: kept.standing.filter((one) => one.fault !== "pause" || one.node !== node) });
    return `resume ${node}: ${proof}`;
  });
}

export async function cut(options: CutOptions, context: RunContext): Promise<string> {
  return withZone(options.zone, context, async (zone, kept) => {
    const lines: string[] = [];
    let now = kept;
    for (const node of options.nodes) {
      const spec: CutSpec = {
        fault: "cut",
        node,
        segments: options.segments,
        direction: options.isOneWay ? "out" : "both",
        ...(options.peers.length > 0 ? { peers: options.peers } : {}),
      };
      lines.push(await injectAndRemember(zone, now, spec));
      now = findKept(kept.name);
    }
    return lines.join("\n");
  });
}

export async function heal(options: { zone?: string }, context: RunContext): Promise<string> {
  return withZone(options.zone, context, async (zone, kept) => {
    const lines: string[] = [];
    for (const spec of [...kept.standing].reverse())
      lines.push(`${describeFault(spec)} undone: ${await faultOf(spec).heal(zone, spec)}`);
    saveKept({ ...kept, standing: [] });
    return lines.join("\n") || "nothing stands that could be healed";
  });
}

export async function logs(options: LogsOptions, context: RunContext): Promise<void> {
  await withZone(options.zone, context, async (zone) => {
    options.write(await zone.node(options.node).logs());
    if (options.isFollowing) await zone.node(options.node).follow(options.write, context.signal);
  });
}

/** Attaches the terminal through the hand's container: `docker exec` where the client is there, else output only. */
export async function exec(options: ExecOptions, context: RunContext): Promise<number> {
  return withZone(options.zone, context, async (zone) => {
    if (!process.stdin.isTTY) {
      const { code, stdout, stderr } = await zone.node(options.node).exec(options.argv);
      process.stdout.write(stdout);
      process.stderr.write(stderr);
      return code;
    }
    if (!isEmbeddedRunning() && !process.env["DOCKER_HOST"])
      throw new HarnessError("engine/no-answer", "no engine runs");
    const child = spawn("docker", ["exec", "-it", zone.node(options.node).id, ...options.argv], { stdio: "inherit" });
    return new Promise<number>((resolve, reject) => {
      child.on("error", () =>
        reject(
          new HarnessError("usage/bad-value", "a terminal needs the docker client", {
            remedy: "Install docker-cli, or pipe: ./triad exec NODE -- CMD </dev/null",
          }),
        ),
      );
      child.on("close", (code) => resolve(code ?? 128));
    });
  });
}
