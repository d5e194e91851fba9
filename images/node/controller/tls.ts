// What the endpoint speaks: TLS versions, cipher suites, and a client certificate that it demands.

import type { SecureServerOptions } from "node:http2";

/** Mozilla Intermediate's suites for an ECDSA or RSA certificate, without finite-field DH. */
const ciphers = [
  "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

export const endpointTls = {
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
  ciphers,
  requestCert: true,
  rejectUnauthorized: true,
} satisfies SecureServerOptions;
