// When one nats-server lost another, by its own log: the route ended and did not come back for a while. Pure.

import type { NodeName } from "#spec/node.ts";
import type { Timeline, TimedSign } from "./timeline.ts";

export interface Loss {
  observer: NodeName;
  lost: NodeName;
  /** The first line that tells it. The loss itself is earlier. */
  fromMs: number;
  /** The last line that tells it, or the one that says that the route is back. */
  toMs: number;
  isOver: boolean;
  /** The route went silent: no end of the connection was heard. */
  isSilent: boolean;
  /** The other side, or its kernel, ended the connection. */
  isClosed: boolean;
  /** Dialling in vain, by reason. */
  refused: number;
  unanswered: number;
  lines: TimedSign[];
}

/** Two lines about the same route further apart are two losses. A silent route is noticed again every 7 s. */
const sameLossMs = 12_000;

export function lossesOf({ signs, addresses }: Timeline): Loss[] {
  const open = new Map<string, Loss>();
  const all: Loss[] = [];
  for (const seen of signs) {
    const { sign } = seen;
    if (sign.kind !== "route-closed" && sign.kind !== "dial-failed" && sign.kind !== "route-created") continue;
    const lost = addresses.get(sign.address);
    if (lost === undefined || lost === seen.node) continue;
    const key = `${seen.node} ${lost}`;
    const isBack = sign.kind === "route-created" || (sign.kind === "route-closed" && sign.why === "Duplicate Route");
    const current = open.get(key);
    if (current && seen.atMs - current.toMs <= sameLossMs) extend(current, seen, isBack);
    else if (!isBack) {
      const loss = begin(seen, lost);
      open.set(key, loss);
      all.push(loss);
    }
    if (isBack) open.delete(key);
  }
  return all;
}

function begin(seen: TimedSign, lost: NodeName): Loss {
  const loss: Loss = {
    observer: seen.node,
    lost,
    fromMs: seen.atMs,
    toMs: seen.atMs,
    isOver: false,
    isSilent: false,
    isClosed: false,
    refused: 0,
    unanswered: 0,
    lines: [],
  };
  extend(loss, seen, false);
  return loss;
}

function extend(loss: Loss, seen: TimedSign, isBack: boolean): void {
  const { sign } = seen;
  loss.toMs = seen.atMs;
  loss.isOver = isBack;
  loss.lines.push(seen);
  if (isBack) return;
  if (sign.kind === "route-closed") {
    const isFirst = loss.lines.length === 1;
    if (/stale/i.test(sign.why)) loss.isSilent ||= isFirst;
    else loss.isClosed ||= isFirst;
  }
  if (sign.kind !== "dial-failed") return;
  if (/refused/.test(sign.why)) loss.refused += 1;
  else loss.unanswered += 1;
}
