// What a zone of a pair runs beside its service: the client to the peer, copies of its artifacts, and the puller.

import { readFileSync } from "node:fs";
import type { NodeFile, PeerZone } from "#topology/render-node.ts";
import { paths } from "../../local/paths.ts";
import type { NatsConnection } from "../../local/store.ts";
import type { Artifacts } from "../artifacts.ts";
import { ArtifactCopies } from "./artifact-copies.ts";
import { Imports } from "./imports.ts";
import type { OwnLog } from "./logs.ts";
import { PeerClient } from "./peer-client.ts";
import { PositionStore } from "./position.ts";
import { Puller } from "./puller.ts";

export interface Exchange {
  /** Absent in a seeded wrong zone that fetches none. */
  copies: ArtifactCopies | undefined;
  /** To be run once this node serves. */
  puller: Puller;
}

export function exchangeWith(
  peer: PeerZone,
  parts: { node: NodeFile; nc: NatsConnection; artifacts: Artifacts; ownLog: OwnLog },
): Exchange {
  const { node, nc, artifacts, ownLog } = parts;
  const pem = (name: string) => readFileSync(`${paths.certificates}/${name}`);
  const client = new PeerClient({
    zoneId: peer.zoneId,
    host: peer.vip,
    port: peer.rpcPort,
    localAddress: node.vip,
    ca: pem("peer-ca.crt"),
    certificate: pem("server.crt"),
    key: pem("server.key"),
  });
  const copies = peer.exchange.areArtifactsFetched ? new ArtifactCopies(artifacts, client) : undefined;
  const imports = new Imports(nc, { peerZoneId: peer.zoneId, isPutIfAbsent: peer.exchange.isPutIfAbsent });
  const positions = new PositionStore(nc, peer.zoneId);
  const puller = new Puller({
    zoneId: node.zoneId,
    peer,
    ownLog,
    client,
    positions,
    imports,
    ...(copies && { copies }),
  });
  return { copies, puller };
}
