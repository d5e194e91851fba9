// `triad status`: the state of each zone that is up. It changes nothing.

import { HarnessError } from "#base/errors.ts";
import { nodeNames, type NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import {
  isBeingStarted,
  isReserved,
  type KeptZone,
  type RememberedZone,
  rememberedZones,
  reservedText,
  type ReservedZone,
} from "./kept-files.ts";
import { attachKept } from "./kept-zones.ts";
import { wordsOfStanding } from "./other-version.ts";
import { Environment } from "#zone/environment.ts";

interface NodeStatus {
  isUp: boolean;
  /** Its processes are frozen. Then its role is the one that it had. */
  isPaused: boolean;
  role: string;
  addresses: string;
}

export async function status({ progress }: RunContext): Promise<Answer> {
  const all = rememberedZones();
  if (all.length === 0) return { summary: "no zone is up; start one with: ./triad up", data: [] };
  await using environment = await Environment.open((line) => progress.say(line));
  const answers: Answer[] = [];
  for (const zone of all) answers.push(await statusOf(environment, zone));
  return { summary: answers.map((one) => one.summary).join("\n"), data: answers.map((one) => one.data) };
}

/** The status of one zone, running or not. */
export async function statusOf(environment: Environment, zone: RememberedZone): Promise<Answer> {
  if (isReserved(zone)) return unfinished(zone);
  const started = await attachKept(environment, zone).catch(unlessStopped);
  if (!started) return stopped(zone);
  try {
    return running(zone, await statesOf(started));
  } finally {
    await started.leave();
  }
}

function unfinished(zone: ReservedZone): Answer {
  const { name } = zone;
  if (isBeingStarted(zone)) return { summary: reservedText(zone), data: { name, state: "starting" } };
  const summary = `${reservedText(zone)}; remove what is left: ./triad down ${name}`;
  return { summary, data: { name, state: "broken-off" } };
}

function unlessStopped(error: unknown): null {
  if (error instanceof HarnessError && error.code === "zone/not-running") return null;
  throw error;
}

function stopped({ name, plan }: KeptZone): Answer {
  const summary = `zone ${name}, VIP ${plan.vip}: its containers are stopped; remove it: ./triad down ${name}`;
  return { summary, data: { name, state: "stopped", vip: plan.vip } };
}

/** The status of a zone whose containers run. */
export function running({ name, plan: { vip }, standing }: KeptZone, nodes: Record<NodeName, NodeStatus>): Answer {
  const faults = standing.map(({ spec }) => wordsOfStanding(spec));
  const lines = nodeNames.map((node) => lineOf(node, nodes[node], vip));
  const head = `zone ${name}, VIP ${vip}${faults.length > 0 ? `; faults: ${faults.join("; ")}` : ""}`;
  return { summary: [head, ...lines].join("\n"), data: { name, state: "up", vip, nodes, standing: faults } };
}

export function lineOf(node: NodeName, { isUp, isPaused, role, addresses }: NodeStatus, vip: string): string {
  const words = isUp ? `${isPaused ? "paused, " : ""}${role}` : "down";
  // 198.18.0.1 is the beginning of 198.18.0.10.
  const holdsVip = addresses.split(/[\s/]+/).includes(vip);
  return `  ${node.padEnd(6)} ${words}${holdsVip ? ", holds the VIP" : ""}`;
}

async function statesOf(zone: StartedZone): Promise<Record<NodeName, NodeStatus>> {
  const states = nodeNames.map(async (name) => [name, await stateOf(zone, name)] as const);
  return Object.fromEntries(await Promise.all(states)) as Record<NodeName, NodeStatus>;
}

async function stateOf(zone: StartedZone, name: NodeName): Promise<NodeStatus> {
  if (!zone.node(name).isUp) return { isUp: false, isPaused: false, role: "", addresses: "" };
  const { roleFile } = zone.plan.contract;
  const run = (argv: string[], namespaces: ("net" | "mnt")[]) =>
    zone.askNode(name, { do: "run-inside", namespaces, argv, timeoutMs: 3_000 });
  const [state, role, addresses] = await Promise.all([
    zone.node(name).state(),
    run(
      ["sh", "-c", roleFile === null ? "echo its role is not told" : `cat ${roleFile} 2>/dev/null || echo voter`],
      ["mnt"],
    ),
    run(["ip", "-4", "-o", "addr", "show"], ["net"]),
  ]);
  return { isUp: true, isPaused: state === "paused", role: role.stdout.trim(), addresses: addresses.stdout };
}
