// Each way in which certificate files can be bad, made with a test authority.

import { webcrypto } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import * as x509 from "@peculiar/x509";
import { type CertificateFiles, checkCertificate } from "./certificate-check.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;
const atMs = Date.UTC(2030, 0, 1);
const deny = { minDays: 30, policy: "deny" } as const;

const keyPair = async () => (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
const pemOf = async (keys: CryptoKeyPair) =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
const span = (fromDays: number, untilDays: number) => ({
  notBefore: new Date(atMs + fromDays * dayMs),
  notAfter: new Date(atMs + untilDays * dayMs),
});

type Days = { from: number; until: number };
type Authority = Awaited<ReturnType<typeof authority>>;
const tenYears: Days = { from: -1, until: 3650 };

async function authority(name: string, days = tenYears, keys?: CryptoKeyPair) {
  const own = keys ?? (await keyPair());
  const options = {
    serialNumber: "01",
    name: `CN=${name}`,
    ...span(days.from, days.until),
    signingAlgorithm: algorithm,
    keys: own,
    extensions: [new x509.BasicConstraintsExtension(true)],
  };
  return { keys: own, certificate: await x509.X509CertificateGenerator.createSelfSigned(options) };
}

/** An authority between the anchor and the leaf. */
async function intermediate(issuer: Authority, days: Days, isAuthority = true): Promise<Authority> {
  const keys = await keyPair();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "03",
    subject: "CN=between",
    issuer: issuer.certificate.subject,
    ...span(days.from, days.until),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [new x509.BasicConstraintsExtension(isAuthority)],
  });
  return { keys, certificate };
}

const pem = (...authorities: Authority[]) => authorities.map((each) => each.certificate.toString("pem")).join("\n");

async function leafOf(issuer: Authority, days: Days) {
  const keys = await keyPair();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "02",
    subject: "CN=plant-a-bsfg",
    issuer: issuer.certificate.subject,
    ...span(days.from, days.until),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
  });
  const ca = issuer.certificate.toString("pem");
  return { certificate: certificate.toString("pem"), key: await pemOf(keys), ca } satisfies CertificateFiles;
}

describe("certificate gate", () => {
  let own: Awaited<ReturnType<typeof authority>>;
  let good: CertificateFiles;

  beforeAll(async () => {
    x509.cryptoProvider.set(webcrypto as Crypto);
    own = await authority("zone CA");
    good = await leafOf(own, { from: -1, until: 365 });
  });

  it("is open for a certificate that is in order", () => {
    expect(checkCertificate(good, deny, atMs)).toEqual({ isOpen: true, why: "" });
  });

  it("denies or warns below the threshold, as the policy says", async () => {
    const short = await leafOf(own, { from: -1, until: 29 });
    expect(checkCertificate(short, deny, atMs)).toEqual({ isOpen: false, why: "29.0 days left, 30 asked for" });
    expect(checkCertificate(short, { ...deny, policy: "warn" }, atMs)).toEqual({
      isOpen: true,
      why: "warn: 29.0 days left, 30 asked for",
    });
  });

  it.each([
    ["expired", { from: -9, until: -1 }, "expired"],
    ["not yet valid", { from: 1, until: 365 }, "not valid before"],
  ])("is closed under either policy when it is %s", async (_, days, why) => {
    const files = await leafOf(own, days);
    for (const policy of ["deny", "warn"] as const) {
      const judged = checkCertificate(files, { minDays: 30, policy }, atMs);
      expect(judged.isOpen).toBe(false);
      expect(judged.why).toContain(why);
    }
  });

  it("is closed for a key of another certificate", async () => {
    const other = await leafOf(own, { from: -1, until: 365 });
    expect(checkCertificate({ ...good, key: other.key }, deny, atMs).why).toContain("does not belong");
  });

  it("is closed for a certificate of a foreign authority, also one of the same name", async () => {
    const foreign = await authority("zone CA");
    const ca = foreign.certificate.toString("pem");
    expect(checkCertificate({ ...good, ca }, deny, atMs).why).toContain("not issued by");
  });

  it.each([
    ["expired", { from: -9, until: -1 }, "issuer CN=zone CA: expired on"],
    ["not yet valid", { from: 1, until: 3650 }, "issuer CN=zone CA: not valid before"],
    ["about to expire", { from: -9, until: 29 }, "issuer CN=zone CA: 29.0 days left, 30 asked for"],
  ])("is closed when the authority is %s", async (_, days, why) => {
    const files = await leafOf(await authority("zone CA", days), { from: -1, until: 365 });
    expect(checkCertificate(files, deny, atMs)).toEqual({ isOpen: false, why: expect.stringContaining(why) });
  });

  it("warns of an authority that is about to expire, if the policy is to warn", async () => {
    const files = await leafOf(await authority("zone CA", { from: -9, until: 29 }), { from: -1, until: 365 });
    expect(checkCertificate(files, { ...deny, policy: "warn" }, atMs)).toEqual({
      isOpen: true,
      why: "warn: issuer CN=zone CA: 29.0 days left, 30 asked for",
    });
  });

  it("is closed when an authority on the way is expired, or is no authority", async () => {
    const behind = async (days: Days, isAuthority: boolean) => {
      const between = await intermediate(own, days, isAuthority);
      const leaf = await leafOf(between, { from: -1, until: 365 });
      const files = { ...leaf, certificate: `${leaf.certificate}\n${pem(between)}`, ca: pem(own) };
      return checkCertificate(files, deny, atMs);
    };
    expect(await behind({ from: -1, until: 365 }, true)).toEqual({ isOpen: true, why: "" });
    expect((await behind({ from: -9, until: -1 }, true)).why).toContain("issuer CN=between: expired on");
    expect((await behind({ from: -1, until: 365 }, false)).why).toContain("not issued by");
  });

  it("is open when the old authority is expired and the new one stands beside it", async () => {
    const old = await authority("zone CA", { from: -9, until: -1 });
    const renewed = await authority("zone CA", tenYears, old.keys);
    const leaf = await leafOf(old, { from: -1, until: 365 });
    expect(checkCertificate({ ...leaf, ca: pem(old, renewed) }, deny, atMs)).toEqual({ isOpen: true, why: "" });
  });

  it("is closed, with a reason, for files without PEM", () => {
    expect(checkCertificate({ ...good, certificate: "" }, deny, atMs).isOpen).toBe(false);
    expect(checkCertificate({ ...good, key: "x" }, deny, atMs).isOpen).toBe(false);
  });
});
