// MON-3, MON-9, MON-10 and MON-11: health through the VIP, storage of the node that is expected to be active, certificates,
// and how far the peer zone is behind. Pure.

import { serviceNodes } from "#spec/node.ts";
import { type Facts, gone, goneWhy, green, type Judgement, red, worst } from "./facts.ts";

export function health(facts: Facts): Judgement {
  const answer = facts.look?.health;
  if (!answer) return gone("nobody has asked");
  if (answer.error !== undefined) return red(`no answer through the VIP: ${answer.error}`);
  const who = answer.node ?? "a stranger";
  if (!answer.node) return red("the answer showed the certificate of no node");
  if (!answer.isActive) return red(`${who} answers that it is not active`);
  if (answer.closedGates?.length) return red(`${who} answers with closed gates: ${answer.closedGates.join(", ")}`);
  return green(`${who} answers healthy`);
}

/** Of the expected node, not of the one that has the VIP: one that lost it for its storage would be told fine. */
export function storage(facts: Facts): Judgement {
  const { expected, look } = facts;
  if (expected === undefined) return gone("no node is expected to be active yet");
  const why = goneWhy(facts, expected);
  if (why !== undefined) return gone(why);
  const write = look?.storage[expected];
  if (write === undefined) return gone(`nobody has written on ${expected}`);
  return write === "written" ? green(`${expected} takes a write`) : red(`a write on ${expected} gives ${write}`);
}

export function certificates(facts: Facts): Judgement {
  const judgements = serviceNodes.map((name) => {
    const why = goneWhy(facts, name);
    if (why !== undefined) return gone(why);
    const seen = facts.look?.certificates[name];
    if (!seen) return gone(`nobody has read ${name}'s certificate`);
    if (seen.leftDays === undefined) return red(`${name}'s certificate cannot be read: ${seen.error}`);
    return daysLeft(facts, name, seen.leftDays);
  });
  const served = facts.look?.health;
  // The file may be new and the one that is served still the old one.
  if (served?.leftDays !== undefined && served.node)
    judgements.push(daysLeft(facts, `the one served by ${served.node}`, served.leftDays));
  return worst(judgements);
}

/** A server that was slow once is not asked for its last word anew: that one holds until it is as old as any silence. */
export function peerKeepsUp({ t, exchange, limits }: Facts): Judgement {
  if (!exchange || t - exchange.t > limits.silentMs * 1e6) return gone("nobody tells how far the peer is");
  const { lagMs, facts } = exchange;
  const count = facts === undefined ? "" : `, ${facts} facts`;
  const words = `the peer lags ${(lagMs / 1_000).toFixed(1)} s${count}`;
  return lagMs > limits.lagMaxMs || (facts ?? 0) > limits.lagMaxFacts ? red(words) : green(words);
}

function daysLeft(facts: Facts, whose: string, leftDays: number): Judgement {
  const words = `${whose}: ${leftDays} days left, ${facts.minDays} wanted`;
  return leftDays < facts.minDays ? red(words) : green(words);
}
