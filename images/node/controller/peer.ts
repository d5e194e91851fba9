// Who is calling: puts the names in the client's verified certificate into the call's context. In a pair of zones two
// authorities are trusted: the peer's CA for the peer's identity only, the zone's own CA for every other identity.

import { X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import { TLSSocket } from "node:tls";
import { type ContextValues, createContextKey, createContextValues } from "@connectrpc/connect";

export interface Caller {
  /** The common name and DNS names that its authority may certify. */
  names: readonly string[];
  /** The caller is the peer zone. */
  isPeer: boolean;
}

export const callerKey = createContextKey<Caller>(
  { names: [], isPeer: false },
  { description: "who the caller's certificate says it is" },
);

/** The identity of the peer zone and the authorities of both zones. */
export interface PeerIdentity {
  zoneId: string;
  /** PEM of its CA, and of this zone's. */
  ca: string | Buffer;
  ownCa: string | Buffer;
}

type Request = IncomingMessage | Http2ServerRequest;

/** Makes the function that puts the caller into a call's context. */
export function callersOf(peer?: PeerIdentity): (request: Request) => ContextValues {
  const authorities = peer && { its: fingerprintOf(peer.ca), own: fingerprintOf(peer.ownCa) };
  const identify = (socket: object): Caller => {
    if (!(socket instanceof TLSSocket)) return { names: [], isPeer: false };
    const names = namesOf(socket);
    if (peer === undefined) return { names, isPeer: false };
    const issuer = issuerOf(socket);
    if (issuer === authorities?.its) return { names: names.filter((name) => name === peer.zoneId), isPeer: true };
    // Another authority, or an unknown one: a caller without a name.
    if (issuer !== authorities?.own) return { names: [], isPeer: false };
    return { names: names.filter((name) => name !== peer.zoneId), isPeer: false };
  };
  return (request) => createContextValues().set(callerKey, callerOf(request, identify));
}

/** Parsing a certificate costs more than a call, so each connection is parsed once. */
const known = new WeakMap<object, Caller>();

function callerOf(request: Request, identify: (socket: object) => Caller): Caller {
  const session = "stream" in request ? request.stream.session : undefined;
  const socket = session?.socket ?? request.socket;
  const owner = session ?? socket;
  let caller = known.get(owner);
  if (caller === undefined) {
    caller = identify(socket);
    known.set(owner, caller);
  }
  return caller;
}

function fingerprintOf(pem: string | Buffer): string {
  return new X509Certificate(pem).fingerprint256;
}

/** Fingerprint of the authority that issued the caller's certificate. */
function issuerOf(socket: TLSSocket): string | undefined {
  return socket.getPeerCertificate(true).issuerCertificate?.fingerprint256;
}

function namesOf(socket: TLSSocket): readonly string[] {
  const certificate = socket.getPeerCertificate();
  const commonName = certificate.subject?.CN;
  const alternatives = (certificate.subjectaltname ?? "").split(", ").filter((name) => name.startsWith("DNS:"));
  return [...[commonName].flat().filter((name) => name !== undefined), ...alternatives.map((name) => name.slice(4))];
}
