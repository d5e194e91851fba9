// Plans a zone: names, addresses and files from a spec and an index. Pure: it makes no key and starts nothing.
// 198.18.0.0/15 is divided into /24 subnets. Zone i has subnets 2i (zone segment) and 2i+1 (control segment). A pair
// whose first zone is i has subnet 340+i for the segment between the two.

import { defined } from "#base/defined.ts";
import { type NodeName, nodeNames, isServiceNode, type Segment } from "#spec/node.ts";
import { type NodeContract, referenceContract } from "#spec/contract/node-contract.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedFile, PlannedNode, PlannedPeer, ZonePlan } from "./plan.ts";
import { renderKeepalived } from "./render-keepalived.ts";
import { renderNats } from "./render-nats.ts";
import { renderNode } from "./render-node.ts";
import { filledTemplate, templateVariables } from "./render-template.ts";

/** 198.18.0.0/15 has 512 subnets of /24: two for each zone, and one for each pair. */
export const zoneIndexCount = 170;
const firstPairSubnet = 2 * zoneIndexCount;

const hostNumber: Record<NodeName, number> = { alpha: 11, beta: 12, gamma: 13 };
/** On the segment of a pair the host numbers of the second zone are ten higher. */
const secondOffset = 10;
const vipHost = 10;
const agentHost = 20;

/** PEM texts from the zone's PKI. The plan puts them into files. */
export interface ZoneCertificates {
  ca: string;
  server: Record<"alpha" | "beta", { certificate: string; key: string; fingerprint: string }>;
  client: { certificate: string; key: string };
  /** A server shows it when it opens a route. Letters and digits only, because it is part of a URL. */
  routeSecret: string;
  /** Clients that a node must refuse, by what is wrong with their certificate. */
  untrustedClients?: Record<UntrustedClient, { certificate: string; key: string }>;
}

/** `other-zone`: of the right CA, but of an unknown zone. `no-zone`: its name is not the name of a zone. */
export const untrustedClients = ["foreign-ca", "expired", "not-yet-valid", "other-zone", "no-zone"] as const;
export type UntrustedClient = (typeof untrustedClients)[number];

/** The first three octets of subnet `n`, counted from 198.18.0.0. */
function prefixOf(n: number): string {
  return `198.${18 + (n >> 8)}.${n & 255}`;
}

/** The MAC that dockerd derives from an IPv4 address. The plan sets it, so that a cut can name it before the start. */
export function macOf(address: string): string {
  const octets = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return `02:42:${octets.join(":")}`;
}

/** A node's address on a segment; undefined where it has no interface. */
export function addressOn(node: PlannedNode, segment: Segment): string | undefined {
  return { zone: node.zoneAddress, control: node.controlAddress, peer: node.peerAddress }[segment];
}

/** The MAC of that interface. */
export function macOn(node: PlannedNode, segment: Segment): string | undefined {
  return { zone: node.zoneMac, control: node.controlMac, peer: node.peerMac }[segment];
}

/** VIP and address prefixes of zone `index`. */
export function planAddresses(index: number): { vip: string; zone: string; control: string } {
  return { vip: `${prefixOf(2 * index)}.${vipHost}`, zone: prefixOf(2 * index), control: prefixOf(2 * index + 1) };
}

/** The subnet between two zones, the first of which has `index`. */
export function peerSubnet(index: number): string {
  return `${prefixOf(firstPairSubnet + index)}.0/24`;
}

export interface PlanRequest {
  id: string;
  index: number;
  spec: ZoneSpec;
  certificates: ZoneCertificates;
  peer?: PlannedPeer;
  /** Absent: the reference node. */
  contract?: NodeContract;
}

/** The complete plan of a zone. */
export function planZone(request: PlanRequest): ZonePlan {
  const { id, index, spec, certificates, peer, contract = referenceContract } = request;
  const at = planAddresses(index);
  const bare = (name: NodeName): PlannedNode => {
    const zoneAddress = `${at.zone}.${hostNumber[name]}`;
    const node: PlannedNode = {
      name,
      zoneAddress,
      zoneMac: macOf(zoneAddress),
      environment: {},
      files: [],
      volumes: [],
    };
    if (!isServiceNode(name)) return node;
    const controlAddress = `${at.control}.${hostNumber[name]}`;
    const certificateFingerprint = certificates.server[name].fingerprint;
    return {
      ...node,
      controlAddress,
      controlMac: macOf(controlAddress),
      certificateFingerprint,
      ...(peer ? peerInterface(name, { peer, index }) : {}),
    };
  };
  const agentAddress = `${at.zone}.${agentHost}`;
  const plan: ZonePlan = {
    id,
    index,
    spec,
    contract,
    vip: at.vip,
    zoneSubnet: `${at.zone}.0/24`,
    controlSubnet: `${at.control}.0/24`,
    nodes: { alpha: bare("alpha"), beta: bare("beta"), gamma: bare("gamma") },
    routeSecret: certificates.routeSecret,
    ...defined({ peer }),
    agent: { address: agentAddress, mac: macOf(agentAddress), files: clientFiles(certificates) },
  };
  for (const name of nodeNames) fill(plan, name, certificates);
  return plan;
}

function peerInterface(
  name: NodeName,
  { peer, index }: { peer: PlannedPeer; index: number },
): Pick<PlannedNode, "peerAddress" | "peerMac"> {
  const host = hostNumber[name] + (peer.pairIndex === index ? 0 : secondOffset);
  const peerAddress = `${prefixOf(firstPairSubnet + peer.pairIndex)}.${host}`;
  return { peerAddress, peerMac: macOf(peerAddress) };
}

function fill(plan: ZonePlan, name: NodeName, certificates: ZoneCertificates): void {
  const node = plan.nodes[name];
  if (plan.contract.isReference) fillReference(plan, name);
  else fillForeign(plan, name);
  if (!isServiceNode(name)) return;
  node.files.push(...serverFiles(plan, certificates, name));
  const { peerCa, owner } = plan.contract.certificates;
  if (plan.peer) node.files.push(file(peerCa, plan.peer.ca, { owner }));
}

/** The configuration of the reference node is rendered here, and its environment tells it the rest. */
function fillReference(plan: ZonePlan, name: NodeName): void {
  const node = plan.nodes[name];
  const { ports } = plan.contract;
  node.environment = {
    ZONE_ID: plan.spec.zoneId,
    NODE_NAME: name,
    ZONE_ADDRESS: node.zoneAddress,
    ...defined({ CONTROL_ADDRESS: node.controlAddress }),
    PEER_ENDPOINTS: plan.peer ? `${plan.peer.zoneId}=${plan.peer.vip}:${ports.rpc}` : "",
    ...(plan.peer && node.peerAddress ? { PEER_ADDRESS: node.peerAddress, PEER_VIP: plan.peer.vip } : {}),
    JETSTREAM_URL: `nats://localhost:${ports.natsClient}`,
    BIND_ADDRESS: `${plan.vip}:${ports.rpc}`,
  };
  node.files.push(
    file("/opt/bsfg/nats.conf", renderNats(plan, name)),
    file("/opt/bsfg/node.json", renderNode(plan, name)),
  );
  if (isServiceNode(name)) node.files.push(file("/opt/bsfg/keepalived.conf", renderKeepalived(plan, name)));
}

/** Another node gets what its profile asks for, and nothing else. */
function fillForeign(plan: ZonePlan, name: NodeName): void {
  const node = plan.nodes[name];
  const values = templateVariables(plan, name);
  const { environment, files } = plan.contract;
  node.environment = Object.fromEntries(
    Object.entries(environment).map(([key, text]) => [key, filledTemplate(text, values, `environment ${key}`)]),
  );
  for (const { path, text, mode, nodes } of files)
    if (!nodes || nodes.includes(name)) node.files.push(file(path, filledTemplate(text, values, path), { mode }));
}

function serverFiles(plan: ZonePlan, certificates: ZoneCertificates, name: "alpha" | "beta"): PlannedFile[] {
  const own = certificates.server[name];
  const { ca, certificate, key, keyMode, owner } = plan.contract.certificates;
  return [
    file(ca, certificates.ca, { owner }),
    file(certificate, own.certificate, { owner }),
    file(key, own.key, { mode: keyMode, owner }),
  ];
}

/** Where the agent's client role finds its certificates. */
export const clientCertificatePaths = {
  ca: "/opt/triad/certs/ca.crt",
  certificate: "/opt/triad/certs/client.crt",
  key: "/opt/triad/certs/client.key",
} as const;

/** Where it finds those of an untrusted client. */
export function untrustedClientPaths(name: string): { certificate: string; key: string } {
  return { certificate: `/opt/triad/certs/${name}.crt`, key: `/opt/triad/certs/${name}.key` };
}

function clientFiles(certificates: ZoneCertificates): PlannedFile[] {
  return [
    file(clientCertificatePaths.ca, certificates.ca),
    file(clientCertificatePaths.certificate, certificates.client.certificate),
    file(clientCertificatePaths.key, certificates.client.key, { mode: 0o600 }),
    ...Object.entries(certificates.untrustedClients ?? {}).flatMap(([name, { certificate, key }]) => {
      const paths = untrustedClientPaths(name);
      return [file(paths.certificate, certificate), file(paths.key, key, { mode: 0o600 })];
    }),
  ];
}

function file(
  path: string,
  text: string,
  { mode = 0o644, owner }: { mode?: number; owner?: string | undefined } = {},
): PlannedFile {
  return { path, text, mode, ...defined({ owner }) };
}
