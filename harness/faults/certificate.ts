// Swaps a service-bearing node's server certificate for a bad one, and puts the first one back.

import { HarnessError } from "#base/errors.ts";
import { isServiceNode, type NodeName, type ServiceNode } from "#spec/node.ts";
import type { CertificateAndKey } from "#zone/pki.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "./fault.ts";

const certificatePath = "/opt/bsfg/certs/server.crt";
const keyPath = "/opt/bsfg/certs/server.key";

export async function installCertificate(zone: StartedZone, name: NodeName, pair: CertificateAndKey): Promise<string> {
  // Asked together, so that the actuator writes one right after the other: a gate that looked between two answers, on a crowded machine, found a
  // key beside another's certificate and closed for that.
  await Promise.all([
    zone.askNode(name, { do: "write-file", path: keyPath, text: pair.key, mode: 0o600 }),
    zone.askNode(name, { do: "write-file", path: certificatePath, text: pair.certificate, mode: 0o644 }),
  ]);
  const read = await zone.askNode(name, {
    do: "run-inside",
    namespaces: ["mnt"],
    argv: ["cat", certificatePath],
    timeoutMs: 5_000,
  });
  if (read.stdout.trim() !== pair.certificate.trim())
    throw new HarnessError("fault/no-effect", `${name} still has another certificate`);
  return `${name} holds certificate ${pair.fingerprint.slice(0, 16)}…`;
}

function serviceNode(name: NodeName): ServiceNode {
  if (!isServiceNode(name)) throw new HarnessError("usage/unknown-node", `${name} holds no certificate`);
  return name;
}

export const certificate: Fault<"certificate"> = {
  does: "The node's server certificate is short, expired, not yet valid, of another CA, identity or key.",
  inject: async (zone, spec) =>
    effectNow(await installCertificate(zone, spec.node, await zone.pki.bad(spec.way, serviceNode(spec.node)))),
  heal: async (zone, spec) => {
    return zone.node(spec.node).isUp
      ? installCertificate(zone, spec.node, zone.pki.original(serviceNode(spec.node)))
      : "the node is down";
  },
};
