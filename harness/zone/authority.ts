// A certificate authority and the certificates that it issues, made with @peculiar/x509. Nothing is written to disk.

import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { wallMs } from "#base/clock.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
x509.cryptoProvider.set(webcrypto as Crypto);

export interface CertificateAndKey {
  certificate: string;
  key: string;
  /** SHA-256 of the DER, lower-case hex. */
  fingerprint: string;
}

export interface CertificateRequest {
  commonName: string;
  addresses: string[];
  /** Validity relative to now, in days. */
  fromDays: number;
  untilDays: number;
}

/** The certificate authority of one zone. Its key never leaves this process. */
export class Authority {
  readonly #keys: CryptoKeyPair;
  readonly certificate: x509.X509Certificate;

  private constructor(keys: CryptoKeyPair, certificate: x509.X509Certificate) {
    this.#keys = keys;
    this.certificate = certificate;
  }

  static async create(name: string): Promise<Authority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: freshSerial(),
      name: `CN=${name}`,
      ...validity(-1, 3650),
      signingAlgorithm: algorithm,
      keys: keys as CryptoKeyPair,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(keys as CryptoKeyPair, certificate);
  }

  async issue(request: CertificateRequest): Promise<CertificateAndKey> {
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
    const names = [
      { type: "dns" as const, value: request.commonName },
      ...request.addresses.map((value) => ({ type: "ip" as const, value })),
    ];
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: freshSerial(),
      subject: `CN=${request.commonName}`,
      issuer: this.certificate.subject,
      ...validity(request.fromDays, request.untilDays),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension(names),
      ],
    });
    const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    const fingerprint = Buffer.from(await certificate.getThumbprint("SHA-256")).toString("hex");
    return { certificate: certificate.toString("pem"), key: x509.PemConverter.encode(key, "PRIVATE KEY"), fingerprint };
  }
}

function validity(fromDays: number, untilDays: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(wallMs() + fromDays * dayMs), notAfter: new Date(wallMs() + untilDays * dayMs) };
}

export function freshSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(12));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40; // positive, and never shortened by a leading zero
  return Buffer.from(bytes).toString("hex");
}
