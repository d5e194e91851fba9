// MON-6, MON-7 and MON-8: what the three servers say of themselves and of each other. No server's word on itself makes
// quorum: a majority names one leader, and that leader has heard a majority just now. Pure.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { ServerSample } from "#protocol/commands/monitor.ts";
import { type Facts, gone, goneWhy, green, type Judgement, red, worst } from "./facts.ts";

const majority = Math.floor(nodeNames.length / 2) + 1;

export function jetstreamHealth(facts: Facts): Judgement {
  return worst(
    nodeNames.map((name) => {
      const why = goneWhy(facts, name);
      if (why !== undefined) return gone(why);
      const server = facts.look?.servers[name];
      if (!server) return gone(`nobody has asked ${name}'s server`);
      if (server.error !== undefined) return red(`${name}'s server: ${server.error}`);
      return server.isHealthy ? green("healthy on all three") : red(`${name}'s server: ${server.why ?? "not healthy"}`);
    }),
  );
}

export function votersVisible(facts: Facts): Judgement {
  const told = answersOf(facts);
  if (told.length === 0) return gone("no server answers");
  const leading = leaderOf(told);
  if (!leading) return red("no server that answers leads the group");
  const { name: leader, voters } = leading;
  const seen = new Set([leader, ...voters.filter((one) => isHeard(facts, one)).map((one) => one.name)]);
  const missing = nodeNames.filter((name) => !seen.has(name));
  if (missing.length > 0) return red(`${leader}, which leads, does not see ${missing.join(" and ")}`);
  const strange = [...seen].filter((name) => !(nodeNames as readonly string[]).includes(name));
  return strange.length > 0 ? red(`${strange.join(", ")} votes too`) : green(`${leader} leads and hears both others`);
}

export function quorumConfirmed(facts: Facts): Judgement {
  const told = answersOf(facts);
  if (told.length === 0) return gone("no server answers");
  if (told.length < majority) return red(`only ${told.map((one) => one.name).join(", ")} answers`);
  const votes = new Map<string, number>();
  for (const { look } of told) if (look.leader) votes.set(look.leader, (votes.get(look.leader) ?? 0) + 1);
  const [leader, count] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  if (count < majority)
    return red(count === 0 ? "no server knows a leader" : `only one server names ${leader} as leader`);
  const led = told.find((one) => one.name === leader);
  if (!led?.look.voters) return red(`${leader} is named as leader and does not lead`);
  const heard = led.look.voters.filter((one) => isHeard(facts, one)).length + 1;
  if (heard < majority) return red(`${leader}, which leads, has heard nobody for ${facts.limits.voterSilentMs} ms`);
  return green(`${count} servers name ${leader}, which hears ${heard - 1}`);
}

interface Told {
  name: NodeName;
  look: ServerSample;
}

/** Servers that answered, on nodes that run. */
function answersOf(facts: Facts): Told[] {
  return nodeNames.flatMap((name) => {
    const look = facts.look?.servers[name];
    return look && look.error === undefined && goneWhy(facts, name) === undefined ? [{ name, look }] : [];
  });
}

/** The server that leads by its own word and by most of those that answer: a deposed one may not know it yet. */
function leaderOf(told: readonly Told[]): { name: NodeName; voters: NonNullable<ServerSample["voters"]> } | undefined {
  const believers = (name: string) => told.filter((one) => one.look.leader === name).length;
  const leading = told
    .filter((one) => one.look.leader === one.name && one.look.voters)
    .sort((a, b) => believers(b.name) - believers(a.name))[0];
  return leading && { name: leading.name, voters: leading.look.voters! };
}

function isHeard(facts: Facts, voter: { isOnline: boolean; silentMs: number }): boolean {
  return voter.isOnline && voter.silentMs < facts.limits.voterSilentMs;
}
