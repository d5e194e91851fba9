// Which sockets of a node are none of the known ones, by the kernel's tables in an inspection. NET-2 and DUAL-2 share
// it; the file decides no entry.

import type { InspectedSocket, InspectionEvent } from "#history/event.ts";
import { endOf, isLoopback, isWildcard, unmapped } from "#history/local-address.ts";
import type { HistoryView } from "#history/view.ts";
import { isServiceNode, type NodeName } from "#spec/node.ts";
import { type KnownSocket, knownSockets } from "#spec/sockets.ts";
import { strayTimes } from "../queries/history-queries.ts";
import { holdersOf } from "../queries/socket-holders.ts";
import { isProgram, nodeOf } from "../queries/judged-node.ts";

/** A socket that waits for others: a TCP listener, and every UDP and raw socket. */
function isOpen({ protocol, state }: InspectedSocket): boolean {
  return protocol.startsWith("tcp") ? state === "LISTEN" : true;
}

/**
 * Open sockets of the node on other addresses than loopback that are none of the known ones. A socket without an owner
 * counts as one of any program: its process may have ended while the inspection ran, and the fault "port-taken" holds
 * the controller's address with a process that is not the node's.
 */
export function unknownSockets(view: HistoryView, inspection: InspectionEvent): InspectedSocket[] {
  const { node, t } = inspection;
  const isStray = strayTimes(view, node).some(({ fromNs, toNs }) => t >= fromNs && t <= toNs);
  const ofNode = knownSockets(nodeOf(view).ports).filter((one) => isServiceNode(node) || !one.isOfService);
  return inspection.sockets.filter((socket) => {
    if (!isOpen(socket) || isLoopback(socket.local)) return false;
    if (isStray && isWildcard(socket.local, view.endpoint.rpcPort)) return false;
    const holders = holdersOf(inspection, socket);
    return !ofNode.some(
      (known) =>
        (holders.length === 0 || holders.some((holder) => isProgram(view, known.program, holder))) &&
        isAt(socket, known, hostsOf(view, node)),
    );
  });
}

type Hosts = Record<"vip" | "zone" | "control", string | undefined> & { rpcPort: number };

function hostsOf({ endpoint, history }: HistoryView, node: NodeName): Hosts {
  const { zoneAddress, controlAddress } = history.header.zone.nodes[node];
  return { vip: endpoint.vip, zone: zoneAddress, control: controlAddress, rpcPort: endpoint.rpcPort };
}

function isAt({ protocol, local }: InspectedSocket, known: KnownSocket, hosts: Hosts): boolean {
  const { host, port } = endOf(unmapped(local));
  if (!protocol.startsWith(known.protocol)) return false;
  if (port !== (known.port === "rpc" ? hosts.rpcPort : known.port)) return false;
  return known.host === "every" ? isWildcard(local, port) : host === hosts[known.host];
}

/** The program that owns the socket, for a sentence. */
export function ownerOf({ processes }: InspectionEvent, { pid }: InspectedSocket): string {
  const owner = processes.find((one) => one.pid === pid);
  return owner ? owner.argv.join(" ").slice(0, 60) : "no program that was seen";
}
