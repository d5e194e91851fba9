// Step "handshakes": the matrix of TLS handshakes, tried from the client host while the load runs. What it found is in
// the history's `handshake` and `attempt` events; it judges nothing.

import { nodeNames, ports } from "#spec/node.ts";
import { clientCertificatePaths, rogueServerPaths, strangers } from "#topology/plan-zone.ts";
import type { StepContext } from "../step-context.ts";

/** A zone that the authenticated client may not speak for. */
const foreignZoneId = "enterprise-bsfg";
/** Silence says nothing; on a machine with every core taken an answer was seen to take 0.6 s. */
const rowTimeoutMs = 8_000;
/** Hundreds of handshakes, a few milliseconds each where a core is free. */
const matrixTimeoutMs = 90_000;

export async function tryHandshakes({ zone, feed }: StepContext, rows: "all" | "certificates"): Promise<void> {
  const { plan } = zone;
  const { ca, ...right } = clientCertificatePaths;
  const answer = await zone.actuator.ask(
    {
      do: "handshakes",
      rows,
      target: `${plan.vip}:${ports.rpc}`,
      elsewhere: nodeNames.map((name) => `${plan.nodes[name].zoneAddress}:${ports.rpc}`),
      zoneId: plan.spec.zoneId,
      foreignZoneId,
      ca,
      certificates: { right, ...Object.fromEntries(strangers.map((name) => [name, rogueServerPaths(name)])) },
      rowTimeoutMs,
      timeoutMs: matrixTimeoutMs,
    },
    matrixTimeoutMs + 5_000,
  );
  feed.mark("looked", { ...answer });
}
