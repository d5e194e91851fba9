// Certificates of a zone, made with @peculiar/x509: a CA, a server certificate for each node with a service, one for
// the client, and the bad ones that faults install. Nothing is written to disk here.

import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { wallMs } from "#base/clock.ts";
import { type ServiceNode, serviceNodes } from "#spec/node.ts";
import type { UntrustedClient, ZoneCertificates } from "#topology/plan-zone.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
x509.cryptoProvider.set(webcrypto as Crypto);

/** Ways a server certificate can be bad. `short` is valid and ends in ten days. */
export type BadCertificate = "short" | "expired" | "not-yet-valid" | "wrong-ca" | "wrong-identity" | "wrong-key";

export interface CertificateAndKey {
  certificate: string;
  key: string;
  /** SHA-256 of the DER, lower-case hex. */
  fingerprint: string;
}

interface LeafRequest {
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

  async issue(request: LeafRequest): Promise<CertificateAndKey> {
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

function freshSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(12));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40; // positive, and never shortened by a leading zero
  return Buffer.from(bytes).toString("hex");
}

/** Below the pattern's threshold of 30 days. */
const shortDays = 10;
const goodDays = 365;

interface Made {
  certificates: ZoneCertificates;
  short: Record<ServiceNode, CertificateAndKey>;
  renewed: Record<ServiceNode, CertificateAndKey>;
}

/** Client certificates that a zone must refuse. Each is wrong in one way only. */
async function untrustedClientsOf(
  authority: Authority,
  zoneId: string,
): Promise<Record<UntrustedClient, CertificateAndKey>> {
  const client = { commonName: zoneId, addresses: [], fromDays: -100, untilDays: goodDays };
  const foreign = await Authority.create(`${zoneId} zone CA`);
  return {
    "foreign-ca": await foreign.issue(client),
    expired: await authority.issue({ ...client, untilDays: -1 }),
    "other-zone": await authority.issue({ ...client, commonName: "enterprise-bsfg" }),
    "no-zone": await authority.issue({ ...client, commonName: "maintenance-laptop" }),
  };
}

/** The PKI of one zone: what its nodes and clients hold, and the bad certificates on request. */
export class ZonePki {
  readonly #authority: Authority;
  readonly #zoneId: string;
  readonly #vip: string;
  readonly certificates: ZoneCertificates;
  /**
   * Made in advance: a client is given all fingerprints at its start, and must recognise a node that shows this one.
   */
  readonly #short: Record<ServiceNode, CertificateAndKey>;
  readonly #renewed: Record<ServiceNode, CertificateAndKey>;

  private constructor(authority: Authority, names: { zoneId: string; vip: string }, made: Made) {
    this.#authority = authority;
    this.#zoneId = names.zoneId;
    this.#vip = names.vip;
    this.certificates = made.certificates;
    this.#short = made.short;
    this.#renewed = made.renewed;
  }

  /** The node of each server certificate, by fingerprint. */
  get fingerprints(): Record<string, ServiceNode> {
    const { server } = this.certificates;
    const pairs = serviceNodes.flatMap((node) =>
      [server[node], this.#short[node], this.#renewed[node]].map((one) => [one.fingerprint, node] as const),
    );
    return Object.fromEntries(pairs);
  }

  /** `leftDays`: validity of the first server certificates. */
  static async create(zoneId: string, vip: string, leftDays: number): Promise<ZonePki> {
    const authority = await Authority.create(`${zoneId} zone CA`);
    const good = { commonName: zoneId, addresses: [vip], fromDays: -1, untilDays: goodDays };
    const short = { ...good, fromDays: -100, untilDays: shortDays };
    const first = { ...good, untilDays: leftDays };
    const each = async (request: LeafRequest) => ({
      alpha: await authority.issue(request),
      beta: await authority.issue(request),
    });
    const made = {
      certificates: {
        ca: authority.certificate.toString("pem"),
        server: await each(first),
        client: await authority.issue({ ...good, addresses: [] }),
        untrustedClients: await untrustedClientsOf(authority, zoneId),
        routeSecret: freshSerial(),
      },
      short: await each(short),
      renewed: await each(good),
    };
    return new ZonePki(authority, { zoneId, vip }, made);
  }

  /** A bad server certificate for `node`, with its key. */
  async bad(way: BadCertificate, node: ServiceNode): Promise<CertificateAndKey> {
    const good = { commonName: this.#zoneId, addresses: [this.#vip], fromDays: -100, untilDays: 365 };
    switch (way) {
      case "short":
        return this.#short[node];
      case "expired":
        return this.#authority.issue({ ...good, untilDays: -1 });
      case "not-yet-valid":
        return this.#authority.issue({ ...good, fromDays: 1 });
      case "wrong-identity":
        return this.#authority.issue({ ...good, commonName: "somebody-else" });
      case "wrong-ca":
        return (await Authority.create("foreign CA")).issue(good);
      case "wrong-key": {
        const [one, other] = await Promise.all([this.#authority.issue(good), this.#authority.issue(good)]);
        return { ...one, key: other.key };
      }
    }
  }

  /** The certificate that replaces the node's first one. Clients know it from their start. */
  renewed(node: ServiceNode): CertificateAndKey {
    return this.#renewed[node];
  }

  /** The certificate that the node had at its start. */
  original(node: ServiceNode): CertificateAndKey {
    return this.certificates.server[node];
  }
}
