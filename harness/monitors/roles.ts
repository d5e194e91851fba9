// MON-1, MON-2, MON-4 and MON-5: who holds the VIP, how often that changes, who listens, who runs a controller. All
// by the kernel's word. Pure.

import type { NodeName } from "#spec/node.ts";
import { nodeNames } from "#spec/node.ts";
import { type Facts, gone, goneWhy, green, holders, type Judgement, red, worst } from "./facts.ts";

export function vipPlace(facts: Facts): Judgement {
  const held = holders(facts);
  const { expected } = facts;
  if (held.length === 0) return red("nobody holds the VIP");
  if (held.length > 1) return red(`${held.join(" and ")} hold the VIP`);
  const holder = held[0]!;
  if (facts.nodes[holder]!.isFrozen) return red(`${holder} holds the VIP and is frozen`);
  if (expected === undefined) return gone("no node is expected yet");
  return holder === expected ? green(`${holder} holds it`) : red(`${holder} holds the VIP, ${expected} is expected`);
}

/** By whichever counts more: the VIP's coming and going, or keepalived's word. A word alone never makes it less. */
export function churn(facts: Facts): Judgement {
  const { churnWindowMs, churnMax } = facts.limits;
  const count = (stamps: readonly number[]) => stamps.filter((t) => t > facts.t - churnWindowMs * 1e6).length;
  const counted = Math.max(count(facts.transitions.kernel), count(facts.transitions.word));
  const why = `${counted} role transitions in ${churnWindowMs / 1000} s`;
  return counted > churnMax ? red(why) : green(why);
}

export function boundToVipOnly(facts: Facts): Judgement {
  const wanted = `${facts.vip}:${facts.rpcPort}`;
  const all = nodeNames.flatMap((name) => (facts.nodes[name]?.listens ?? []).map((at) => ({ name, at })));
  const strange = all.filter(({ at }) => at !== wanted);
  if (strange.length > 0) return red(strange.map(({ name, at }) => `${name} listens on ${at}`).join("; "));
  return all.length > 0 ? green(`bound to ${wanted}`) : gone("nobody listens on the RPC port");
}

export function noStrayController(facts: Facts): Judgement {
  return worst((["beta", "gamma"] as const).map((name) => strayOn(facts, name)));
}

function strayOn(facts: Facts, name: NodeName): Judgement {
  const why = goneWhy(facts, name);
  if (why !== undefined) return gone(why);
  const sinceNs = facts.straySinceNs[name];
  if (sinceNs !== undefined && facts.t - sinceNs >= facts.limits.strayMs * 1e6)
    return red(`${name} runs a controller without the VIP`);
  return green("none");
}

/** Whether a node has a controller, or a listener on the RPC port, and not the VIP. */
export function isStray(facts: Facts, name: NodeName): boolean {
  const seen = facts.nodes[name];
  if (!seen?.isAlive || seen.ownsVip) return false;
  return (facts.look?.controllers[name] ?? 0) > 0 || seen.listens.length > 0;
}
