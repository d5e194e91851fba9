// The extra parts of a zone in a pair: the client to the peer, the copies of its artifacts, and the puller.

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
  copies: ArtifactCopies;
  /** To run once this node serves. */
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
  const copies = new ArtifactCopies(artifacts, client);
  const imports = new Imports(nc, peer.zoneId);
  const positions = new PositionStore(nc, peer.zoneId);
  const puller = new Puller({
    zoneId: node.zoneId,
    peer,
    ownLog,
    client,
    positions,
    imports,
    copies,
  });
  return { copies, puller };
}
