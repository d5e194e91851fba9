// Replaces the server certificate of a service node with a bad one, and puts the original back.

import { HarnessError } from "#base/errors.ts";
import { isServiceNode, type NodeName, type ServiceNode } from "#spec/node.ts";
import type { CertificateAndKey } from "#zone/authority.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

export async function installCertificate(zone: StartedZone, name: NodeName, pair: CertificateAndKey): Promise<string> {
  const { certificate: certificatePath, key: keyPath, keyMode } = zone.plan.contract.certificates;
  // Both in one request. Between two of them a gate read a key that did not match the certificate, and closed.
  const files = [
    { path: keyPath, text: pair.key, mode: keyMode },
    { path: certificatePath, text: pair.certificate, mode: 0o644 },
  ];
  await zone.askNode(name, { do: "write-files", files });
  const read = await zone.askNode(name, {
    do: "run-inside",
    namespaces: ["mnt"],
    argv: ["cat", certificatePath],
    timeoutMs: 5_000,
  });
  if (read.stdout.trim() !== pair.certificate.trim())
    throw new HarnessError("fault/no-effect", `${name} still has a different certificate`);
  return `${name} holds certificate ${pair.fingerprint.slice(0, 16)}…`;
}

function serviceNode(name: NodeName): ServiceNode {
  if (!isServiceNode(name)) throw new HarnessError("usage/unknown-node", `${name} has no server certificate`);
  return name;
}

export const certificate: Fault<"certificate"> = {
  inject: async (zone, spec) =>
    effectNow(await installCertificate(zone, spec.node, await zone.pki.bad(spec.way, serviceNode(spec.node)))),
  heal: async (zone, spec) =>
    zone.node(spec.node).isUp
      ? installCertificate(zone, spec.node, zone.pki.original(serviceNode(spec.node)))
      : "the node is down",
};
