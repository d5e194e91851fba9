// Fills the variables of a profile's files and environment for one node. Pure. An unknown variable is an error: a node
// would start with the braces in its configuration.

import { HarnessError } from "#base/errors.ts";
import { didYouMean } from "#base/nearest.ts";
import { isServiceNode, type NodeName, nodeNames, otherServiceNode } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";
import { virtualRouterId } from "./render-keepalived.ts";
import { operatorUser } from "./render-nats.ts";
import { prefixLengthOf } from "./render-node.ts";

const shape = /\{\{\s*(\w+)\s*\}\}/g;

/** The values for one node, by name. A value that the node has no use for is empty. */
export function templateVariables(plan: ZonePlan, name: NodeName): Record<string, string> {
  const { contract, nodes, spec, vip, peer, routeSecret } = plan;
  const own = nodes[name];
  const other = isServiceNode(name) ? otherServiceNode(name) : undefined;
  const [first, second] = nodeNames.filter((one) => one !== name);
  const { certificates, ports, stores } = contract;
  return {
    NODE_NAME: name,
    OTHER_NODE: other ?? "",
    ZONE_ID: spec.zoneId,
    ZONE_ADDRESS: own.zoneAddress,
    ZONE_MAC: own.zoneMac,
    ZONE_PREFIX_LENGTH: String(prefixLengthOf(plan.zoneSubnet)),
    VIP: vip,
    VIP_PREFIX_LENGTH: String(prefixLengthOf(plan.zoneSubnet)),
    CONTROL_ADDRESS: own.controlAddress ?? "",
    CONTROL_MAC: own.controlMac ?? "",
    OTHER_CONTROL_ADDRESS: (other && nodes[other].controlAddress) ?? "",
    ALPHA_ADDRESS: nodes.alpha.zoneAddress,
    BETA_ADDRESS: nodes.beta.zoneAddress,
    GAMMA_ADDRESS: nodes.gamma.zoneAddress,
    ROUTE_1: nodes[first!].zoneAddress,
    ROUTE_2: nodes[second!].zoneAddress,
    ROUTE_SECRET: routeSecret,
    RPC_PORT: String(ports.rpc),
    NATS_CLIENT_PORT: String(ports.natsClient),
    NATS_MONITOR_PORT: String(ports.natsMonitor),
    NATS_CLUSTER_PORT: String(ports.natsCluster),
    PEER_BEAT_PORT: String(ports.peerBeat),
    BIND_ADDRESS: `${vip}:${ports.rpc}`,
    JETSTREAM_URL: `nats://127.0.0.1:${ports.natsClient}`,
    STORE_FOLDER: stores.jetstream,
    ARTIFACT_FOLDER: stores.artifacts,
    CERTIFICATE: certificates.certificate,
    KEY: certificates.key,
    CA: certificates.ca,
    TIER: spec.tier,
    SYNC_INTERVAL: spec.tier === "critical" ? "always" : "2m",
    DUPLICATE_WINDOW_MS: String(spec.duplicateWindowMs),
    CERTIFICATE_MIN_DAYS: String(spec.certificate.minDays),
    CERTIFICATE_POLICY: spec.certificate.policy,
    VRRP_PRIORITY: isServiceNode(name) ? String(spec.vrrp.priority[name]) : "",
    ADVERT_S: String(spec.vrrp.advertS),
    DOWN_ADVERTS: String(spec.vrrp.downAdverts),
    VIRTUAL_ROUTER_ID: String(virtualRouterId),
    OPERATOR_LINES: spec.hasOperator
      ? `accounts { $SYS { users: [ { user: "${operatorUser}", password: "${routeSecret}" } ] } }`
      : "",
    PEER_ZONE_ID: peer?.zoneId ?? "",
    PEER_VIP: peer?.vip ?? "",
    PEER_ADDRESS: own.peerAddress ?? "",
    PEER_ENDPOINTS: peer ? `${peer.zoneId}=${peer.vip}:${ports.rpc}` : "",
    PEER_CA: peer ? certificates.peerCa : "",
  };
}

/**
 * `text` with its variables filled. `where` names it in an error.
 *
 * @throws HarnessError `usage/bad-value` for an unknown variable
 */
export function filledTemplate(text: string, values: Record<string, string>, where: string): string {
  return text.replaceAll(shape, (_, name: string) => {
    const value = values[name];
    if (value !== undefined) return value;
    const names = Object.keys(values);
    throw new HarnessError("usage/bad-value", `the profile: ${where} has an unknown variable {{${name}}}`, {
      expected: didYouMean(name, names, names.join(", ")),
    });
  });
}
