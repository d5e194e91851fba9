// Step "renew-certificate": an operator gives a node its next server certificate. The program that serves uses the old
// one until it is restarted; the restart is another step.

import { HarnessError } from "#base/errors.ts";
import { installCertificate } from "#faults/certificate/certificate.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Gives the node its next server certificate. */
    "renew-certificate": { node: ServiceNode };
  }
}

export async function renewCertificate(
  { zone, history }: StepContext,
  { node }: StepOf<"renew-certificate">,
): Promise<void> {
  if (!zone.node(node).isUp) throw new HarnessError("run/internal", `${node} is down and takes no certificate`);
  const pair = zone.pki.renewed(node);
  await installCertificate(zone, node, pair);
  history.mark("renewed", { node, fingerprint: pair.fingerprint });
}
