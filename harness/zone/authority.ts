// A certificate authority and the certificates that it issues, made with @peculiar/x509. Nothing is written to disk.

import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { wallMs } from "#base/clock.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
x509.cryptoProvider.set(webcrypto as Crypto);

export interface CertificateAndKey {
  /** The leaf, then the intermediate CA if there is one. */
  certificate: string;
  key: string;
  /** SHA-256 of the leaf's DER, lower-case hex. */
  fingerprint: string;
}

/** Relative to now, in days. */
interface Validity {
  fromDays: number;
  untilDays: number;
}

export interface CertificateRequest extends Validity {
  commonName: string;
  addresses: string[];
}

/** The certificate authority of one zone, or an intermediate one. Its key never leaves this process. */
export class Authority {
  readonly #keys: CryptoKeyPair;
  readonly #isRoot: boolean;
  readonly certificate: x509.X509Certificate;

  private constructor(keys: CryptoKeyPair, certificate: x509.X509Certificate, isRoot = true) {
    this.#keys = keys;
    this.#isRoot = isRoot;
    this.certificate = certificate;
  }

  static async create(name: string): Promise<Authority> {
    const keys = await freshKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: freshSerial(),
      name: `CN=${name}`,
      ...validity({ fromDays: -1, untilDays: 3650 }),
      signingAlgorithm: algorithm,
      keys,
      extensions: authorityExtensions(1),
    });
    return new Authority(keys, certificate);
  }

  /** A CA below this one. What it issues comes with its own certificate. */
  async intermediate(name: string, valid: Validity): Promise<Authority> {
    const keys = await freshKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: freshSerial(),
      subject: `CN=${name}`,
      issuer: this.certificate.subject,
      ...validity(valid),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: authorityExtensions(0),
    });
    return new Authority(keys, certificate, false);
  }

  async issue(request: CertificateRequest): Promise<CertificateAndKey> {
    const keys = await freshKeys();
    const names = [
      { type: "dns" as const, value: request.commonName },
      ...request.addresses.map((value) => ({ type: "ip" as const, value })),
    ];
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: freshSerial(),
      subject: `CN=${request.commonName}`,
      issuer: this.certificate.subject,
      ...validity(request),
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
    const chain = this.#isRoot ? [certificate] : [certificate, this.certificate];
    return {
      certificate: chain.map((one) => one.toString("pem")).join("\n"),
      key: x509.PemConverter.encode(key, "PRIVATE KEY"),
      fingerprint,
    };
  }
}

async function freshKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
}

/** `below`: how many CAs may follow below this one. */
function authorityExtensions(below: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, below, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

function validity({ fromDays, untilDays }: Validity): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(wallMs() + fromDays * dayMs), notAfter: new Date(wallMs() + untilDays * dayMs) };
}

export function freshSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(12));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40; // positive, and never shortened by a leading zero
  return Buffer.from(bytes).toString("hex");
}
