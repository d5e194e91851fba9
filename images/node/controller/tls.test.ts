// What the endpoint speaks, per spec.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { tlsOf } from "./tls.ts";

describe("the endpoint's TLS", () => {
  it("is 1.2 and up, with a client certificate demanded and no suite that is not authenticated and forward secret", () => {
    const { ciphers, ...rest } = tlsOf(defaultZoneSpec.tls);
    expect(rest).toEqual({
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.3",
      requestCert: true,
      rejectUnauthorized: true,
    });
    for (const suite of ciphers!.split(":")) expect(suite).toMatch(/^(TLS_|ECDHE-(ECDSA|RSA)-).*(GCM|CHACHA20)/);
  });

  it("is laxer only where a wrong zone asks for it", () => {
    expect(tlsOf({ ...defaultZoneSpec.tls, clientCertificate: "asked" })).toMatchObject({ rejectUnauthorized: false });
    expect(tlsOf({ ...defaultZoneSpec.tls, clientCertificate: "ignored" })).toMatchObject({ requestCert: false });
    expect(tlsOf({ ...defaultZoneSpec.tls, extraCiphers: "AES128-SHA" }).ciphers).toMatch(/:AES128-SHA$/);
  });
});
