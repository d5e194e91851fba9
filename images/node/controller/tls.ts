// What the endpoint speaks, from the zone's spec: versions, suites and what it asks of a client. Pure.

import type { SecureServerOptions } from "node:http2";
import type { ZoneSpec } from "#spec/zone-spec.ts";

/** Mozilla Intermediate's suites for an ECDSA or RSA certificate, without finite-field DH. */
const approved = [
  "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

/** With the reference spec: TLS 1.2 and 1.3, approved suites only, a client certificate of the zone's CA demanded. */
export function tlsOf(
  tls: ZoneSpec["tls"],
): Pick<SecureServerOptions, "minVersion" | "maxVersion" | "ciphers" | "requestCert" | "rejectUnauthorized"> {
  const { minVersion, maxVersion, extraCiphers, clientCertificate } = tls;
  return {
    minVersion,
    maxVersion,
    ciphers: extraCiphers === "" ? approved : `${approved}:${extraCiphers}`,
    requestCert: clientCertificate !== "ignored",
    rejectUnauthorized: clientCertificate === "demanded",
  };
}
