// The TLS versions and cipher suites that the endpoint accepts.

import { describe, expect, it } from "@jest/globals";
import { endpointTls } from "./tls.ts";

describe("the endpoint's TLS", () => {
  it("is 1.2 and up, demands a client certificate, and has only suites that are authenticated and forward secret", () => {
    const { ciphers, ...rest } = endpointTls;
    expect(rest).toEqual({
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.3",
      requestCert: true,
      rejectUnauthorized: true,
    });
    for (const suite of ciphers.split(":")) expect(suite).toMatch(/^(TLS_|ECDHE-(ECDSA|RSA)-).*(GCM|CHACHA20)/);
  });
});
