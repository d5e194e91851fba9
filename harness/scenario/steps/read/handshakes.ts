// Step "handshakes": a matrix of TLS handshakes from the client host, while the load runs. Their outcomes are
// `handshake` and `attempt` events.

import { nodeNames } from "#spec/node.ts";
import { peerZoneId } from "#spec/scenario.ts";
import type { StepOf } from "#spec/steps.ts";
import { clientCertificatePaths, untrustedClientPaths, untrustedClients } from "#topology/plan-zone.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Tries the handshakes of the matrix from the client host. */
    handshakes: { rows: "all" | "certificates" };
  }
}

/** A silent server proves nothing; with every core busy an answer was seen to take 0.6 s. */
const rowTimeoutMs = 8_000;
/** Hundreds of handshakes, a few milliseconds each where a core is free. */
const matrixTimeoutMs = 90_000;

export async function tryHandshakes({ zone, history }: StepContext, { rows }: StepOf<"handshakes">): Promise<void> {
  const { plan } = zone;
  const { ca, ...right } = clientCertificatePaths;
  const reply = await zone.actuator.ask(
    {
      do: "handshakes",
      rows,
      target: `${plan.vip}:${plan.contract.ports.rpc}`,
      elsewhere: nodeNames.map((name) => `${plan.nodes[name].zoneAddress}:${plan.contract.ports.rpc}`),
      zoneId: plan.spec.zoneId,
      // A zone that the authenticated client may not speak for.
      foreignZoneId: peerZoneId,
      ca,
      certificates: {
        right,
        ...Object.fromEntries(untrustedClients.map((name) => [name, untrustedClientPaths(name)])),
      },
      rowTimeoutMs,
      timeoutMs: matrixTimeoutMs,
    },
    matrixTimeoutMs + 5_000,
  );
  history.mark("looked", { ...reply });
}
