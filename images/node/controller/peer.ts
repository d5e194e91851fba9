// Who is calling: the names in the client's verified certificate, put into the call's context.

import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import { TLSSocket } from "node:tls";
import { type ContextValues, createContextKey, createContextValues } from "@connectrpc/connect";
import type { NodeFile } from "#topology/render-node.ts";

/** Common name and DNS names of the caller. */
export const peerNamesKey = createContextKey<readonly string[]>([], {
  description: "names of the caller's certificate",
});

/** What puts the caller's names into a call's context. A wrong zone that ignores certificates takes anyone for its own. */
export function callersOf(node: NodeFile): (request: IncomingMessage | Http2ServerRequest) => ContextValues {
  if (node.spec.tls.clientCertificate !== "ignored") return peerNamesFrom;
  return () => createContextValues().set(peerNamesKey, [node.zoneId]);
}

/** Parsing a certificate costs more than a call: once a connection is enough. */
const known = new WeakMap<object, readonly string[]>();

function peerNamesFrom(request: IncomingMessage | Http2ServerRequest): ContextValues {
  const session = "stream" in request ? request.stream.session : undefined;
  const socket = session?.socket ?? request.socket;
  const owner = session ?? socket;
  let names = known.get(owner);
  if (names === undefined) {
    names = socket instanceof TLSSocket ? namesOf(socket) : [];
    known.set(owner, names);
  }
  return createContextValues().set(peerNamesKey, names);
}

function namesOf(socket: TLSSocket): readonly string[] {
  const certificate = socket.getPeerCertificate();
  const commonName = certificate.subject?.CN;
  const alternatives = (certificate.subjectaltname ?? "").split(", ").filter((name) => name.startsWith("DNS:"));
  return [...[commonName].flat().filter((name) => name !== undefined), ...alternatives.map((name) => name.slice(4))];
}
