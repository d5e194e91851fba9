// The certificates of one zone: a CA, a server certificate for each node with a service, one for the client, and the
// bad ones that faults install.

import type { CertificateWay } from "#spec/faults.ts";
import { type ServiceNode, serviceNodes } from "#spec/node.ts";
import type { UntrustedClient, ZoneCertificates } from "#topology/plan-zone.ts";
import { Authority, type CertificateAndKey, type CertificateRequest, freshSerial } from "./authority.ts";

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
    "not-yet-valid": await authority.issue({ ...client, fromDays: 1 }),
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
  /** Made in advance, because a client learns all fingerprints at its start and must recognise this one later. */
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
    const each = async (request: CertificateRequest) => ({
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
  async bad(way: CertificateWay, node: ServiceNode): Promise<CertificateAndKey> {
    const good = { commonName: this.#zoneId, addresses: [this.#vip], fromDays: -100, untilDays: 365 };
    switch (way) {
      case "short":
        return this.#short[node];
      case "expired":
        return this.#authority.issue({ ...good, untilDays: -1 });
      case "not-yet-valid":
        return this.#authority.issue({ ...good, fromDays: 1 });
      case "issuer-expired": {
        const between = await this.#authority.intermediate(`${this.#zoneId} issuing CA`, {
          fromDays: -100,
          untilDays: -1,
        });
        return between.issue(good);
      }
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
