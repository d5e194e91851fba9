// A server on the client host's loopback that accepts every version, every suite and any client certificate. What does
// not get through here, our client cannot offer, so it is never counted as refused by a target.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { must } from "../namespace/programs.ts";
import { type Place, sharedKey } from "./attempt.ts";

/** One key of each kind that suites sign with. */
const keyKinds = {
  rsa: ["-newkey", "rsa:2048"],
  ec: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
};

export interface PermissiveServer extends Disposable {
  tls: Place;
  plain: Place;
}

export async function openPermissiveServer(): Promise<PermissiveServer> {
  const pairs = await ownCertificates();
  const options = {
    key: pairs.map((one) => one.key),
    cert: pairs.map((one) => one.certificate),
    minVersion: "TLSv1" as const,
    // The weak suites of TLS 1.3 must be named.
    ciphers: `${newSuites.join(":")}:ALL:COMPLEMENTOFALL:@SECLEVEL=0`,
    dhparam: "auto",
    requestCert: true,
    rejectUnauthorized: false,
    pskCallback: () => sharedKey,
    pskIdentityHint: "triad",
    ALPNProtocols: ["http/1.1"],
  };
  const secure = createServer(options, (request, response) => {
    // The client certificate that it saw: proof that one was sent, and which.
    const seen = (request.socket as TLSSocket).getPeerCertificate().fingerprint256 ?? "none";
    response.end(JSON.stringify({ seen: seen.replaceAll(":", "").toLowerCase() }));
  });
  secure.on("tlsClientError", () => {});
  // Without a listener the error closes the connection. For a client whose CA has only the right name, OpenSSL 3.5
  // leaves the failed signature in its error queue, and Node 20 reports it at the next read. Seen with TLS 1.2.
  secure.on("clientError", () => {});
  const plain = createPlainServer((_, response) => response.end(JSON.stringify({ seen: "none" })));
  const places = await Promise.all([secure, plain].map(listen));
  return {
    tls: places[0]!,
    plain: places[1]!,
    [Symbol.dispose]: () => {
      for (const server of [secure, plain]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

export const newSuites = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_CCM_SHA256",
  "TLS_AES_128_CCM_8_SHA256",
];

/** Every suite of OpenSSL, by name. */
export async function everySuite(): Promise<string[]> {
  const listed = (await must(["openssl", "ciphers", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"])).trim().split(":");
  return [...new Set([...newSuites, ...listed])];
}

async function ownCertificates(): Promise<{ key: string; certificate: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), "triad-handshake-"));
  try {
    return await Promise.all(
      Object.entries(keyKinds).map(async ([kind, words]) => {
        const [key, certificate] = [join(folder, `${kind}.key`), join(folder, `${kind}.crt`)];
        const about = ["-nodes", "-subj", "/CN=triad-agent", "-days", "2", "-keyout", key, "-out", certificate];
        await must(["openssl", "req", "-x509", ...words, ...about], { timeoutMs: 20_000 });
        return { key: readFileSync(key, "utf8"), certificate: readFileSync(certificate, "utf8") };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function listen(server: Server): Promise<Place> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }));
  });
}
