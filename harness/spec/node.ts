// The three nodes, the network segments and the ports, as the pattern fixes them. Plain data.

export const nodeNames = ["alpha", "beta", "gamma"] as const;
export type NodeName = (typeof nodeNames)[number];

/** The nodes that run keepalived and may serve. */
export const serviceNodes = ["alpha", "beta"] as const;
export type ServiceNode = (typeof serviceNodes)[number];

/** "zone": VIP, routes and clients. "control": VRRP. "peer": between the two zones of a pair. */
export type Segment = "zone" | "control" | "peer";

/** The interface of a node on a segment. */
export interface HostInterface {
  host: NodeName;
  segment: Segment;
}

export const controlInterfaces: readonly HostInterface[] = serviceNodes.map((host) => ({ host, segment: "control" }));
export const zoneInterfaces: readonly HostInterface[] = nodeNames.map((host) => ({ host, segment: "zone" }));

/** A value for each node. */
export function mapNodes<T>(valueOf: (name: NodeName) => T): Record<NodeName, T> {
  return { alpha: valueOf("alpha"), beta: valueOf("beta"), gamma: valueOf("gamma") };
}

export function isNodeName(name: string): name is NodeName {
  return (nodeNames as readonly string[]).includes(name);
}

export function isServiceNode(name: string): name is ServiceNode {
  return (serviceNodes as readonly string[]).includes(name);
}

export function otherServiceNode(name: ServiceNode): ServiceNode {
  return name === "alpha" ? "beta" : "alpha";
}
