// Moves the service to alpha as an operator would: beta leaves the election for as long as alpha needs to become
// active. Not a fault: no verdict depends on it.

import { command } from "#faults/server/service-down.ts";
import type { StartedZone } from "#zone/zone.ts";
import { isActive, untilActive, untilMember } from "./membership.ts";
import type { StepContext } from "./step-context.ts";

const handBackDeadlineMs = 30_000;

/**
 * How beta leaves. `keepalived` stops its keepalived, and the reference node then ends its controller. `restart` stops
 * the whole node: a wrong node may keep its controller. It costs several seconds of a core more.
 */
export type HandBack = "keepalived" | "restart";

/**
 * Where a cold start made beta active, the service moves to alpha: every scenario starts from there. Which node a cold
 * start elects is judged in the scenarios whose start is part of them.
 */
export async function beginAtAlpha(context: StepContext): Promise<void> {
  if (!isActive(context, "beta")) return;
  context.history.mark("handed-back", { from: "beta" });
  await handBack(context, "restart");
}

/**
 * Moves the service back to alpha, between two scenarios.
 *
 * @returns whether alpha is active, beta its standby and every replica current. If not, the zone must not be used
 * again.
 */
export async function handBack(context: StepContext, by: HandBack): Promise<boolean> {
  try {
    const untilAlpha = () => untilActive(context, "alpha", handBackDeadlineMs);
    if (!isActive(context, "alpha")) await whileBetaIsOut(context.zone, by, untilAlpha);
    await untilMember(context, "beta", handBackDeadlineMs);
    return isActive(context, "alpha");
  } catch (error) {
    if (context.signal.aborted) throw error;
    return false;
  }
}

async function whileBetaIsOut(zone: StartedZone, by: HandBack, wait: () => Promise<void>): Promise<void> {
  const beta = zone.node("beta");
  const keepalived = { node: "beta", service: "keepalived" } as const;
  await (by === "restart" ? beta.stop() : command(zone, keepalived, "stop"));
  await wait();
  await (by === "restart" ? beta.start() : command(zone, keepalived, "start"));
}
