// Step "renew-certificate": an operator gives a node its next server certificate. The program that serves goes on with
// the old one until it is restarted; that is another step's business.

import { HarnessError } from "#base/errors.ts";
import type { ServiceNode } from "#spec/node.ts";
import { installCertificate } from "#faults/certificate.ts";
import type { StepContext } from "../step-context.ts";

export async function renewCertificate({ zone, feed }: StepContext, node: ServiceNode): Promise<void> {
  if (!zone.node(node).isUp) throw new HarnessError("run/internal", `${node} is down and takes no certificate`);
  const pair = zone.pki.renewed(node);
  await installCertificate(zone, node, pair);
  feed.mark("renewed", { node, fingerprint: pair.fingerprint });
}
