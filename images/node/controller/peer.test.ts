// How the endpoint of a pair identifies its callers, by real handshakes with certificates of two authorities.

import { type AddressInfo } from "node:net";
import { type ClientHttp2Session, connect, createSecureServer, type Http2SecureServer } from "node:http2";
import { connect as openTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Authority } from "#zone/authority.ts";
import { type Caller, callerKey, callersOf } from "./peer.ts";
import { endpointTls } from "./tls.ts";

const ownZone = "plant-a-bsfg";
const peerZone = "enterprise-bsfg";
const leaf = (commonName: string) => ({ commonName, addresses: ["127.0.0.1"], fromDays: -1, untilDays: 9 });

describe("the endpoint of a zone with a peer", () => {
  let own: Authority;
  let other: Authority;
  let server: Http2SecureServer;

  beforeAll(async () => {
    [own, other] = [await Authority.create("own CA"), await Authority.create("peer CA")];
    const shown = await own.issue(leaf(ownZone));
    const ca = [own, other].map((one) => one.certificate.toString("pem"));
    server = createSecureServer({ ...endpointTls, key: shown.key, cert: shown.certificate, ca });
    const callers = callersOf({ zoneId: peerZone, ca: ca[1]!, ownCa: ca[0]! });
    server.on("request", (request, response) => response.end(JSON.stringify(callers(request).get(callerKey))));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server.close());

  async function callerWith(authority: Authority, commonName: string): Promise<Caller> {
    const { certificate: cert, key } = await authority.issue(leaf(commonName));
    const { port } = server.address() as AddressInfo;
    return askOn(connect(`https://127.0.0.1:${port}`, { ca: own.certificate.toString("pem"), cert, key }));
  }

  async function askOn(session: ClientHttp2Session): Promise<Caller> {
    try {
      const stream = session.request({ ":path": "/" });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Caller;
    } finally {
      session.close();
    }
  }

  it("identifies the peer by its certificate", async () => {
    const { names, isPeer } = await callerWith(other, peerZone);
    expect({ names: [...new Set(names)], isPeer }).toEqual({ names: [peerZone], isPeer: true });
  });

  it("gives any other certificate of the peer's authority no name", async () => {
    expect(await callerWith(other, ownZone)).toEqual({ names: [], isPeer: true });
    expect(await callerWith(other, "third-bsfg")).toEqual({ names: [], isPeer: true });
  });

  it("identifies the same caller when its session is resumed", async () => {
    const { certificate: cert, key } = await other.issue(leaf(ownZone));
    const { port } = server.address() as AddressInfo;
    const options = { ca: own.certificate.toString("pem"), cert, key, host: "127.0.0.1", port, ALPNProtocols: ["h2"] };
    const ticket = await new Promise<Buffer>((resolve) => {
      const first = openTls(options).on("session", (session) => {
        resolve(session);
        first.destroy();
      });
    });
    const resumed = openTls({ ...options, session: ticket });
    await new Promise((resolve) => resumed.once("secureConnect", resolve));
    expect(resumed.isSessionReused()).toBe(true);
    const session = connect(`https://127.0.0.1:${port}`, { createConnection: () => resumed });
    expect(await askOn(session)).toEqual({ names: [], isPeer: true });
  });

  it("accepts no certificate of its own authority for the peer", async () => {
    expect(await callerWith(own, peerZone)).toEqual({ names: [], isPeer: false });
    const { names } = await callerWith(own, ownZone);
    expect([...new Set(names)]).toEqual([ownZone]);
  });
});
