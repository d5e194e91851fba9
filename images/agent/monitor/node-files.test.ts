// How long a certificate file is valid: the leaf, and the issuers that the file holds.

import { webcrypto } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import * as x509 from "@peculiar/x509";
import { wallMs } from "#base/clock.ts";
import { leftDaysIn } from "./node-files.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;

interface Made {
  name: string;
  keys: CryptoKeyPair;
  pem: string;
}

beforeAll(() => void x509.cryptoProvider.set(webcrypto as Crypto));

async function make(name: string, leftDays: number, by?: Made): Promise<Made> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "01",
    subject: `CN=${name}`,
    issuer: `CN=${by?.name ?? name}`,
    notBefore: new Date(wallMs() - 100 * dayMs),
    notAfter: new Date(wallMs() + (leftDays + 0.05) * dayMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: (by?.keys ?? keys).privateKey,
    extensions: [new x509.BasicConstraintsExtension(name !== "leaf", undefined, true)],
  });
  return { name, keys, pem: certificate.toString("pem") };
}

describe("the days that a certificate file has left", () => {
  let root: Made;
  beforeAll(async () => void (root = await make("root", 1_000)));

  it("are those of the leaf where it is alone", async () => {
    expect(leftDaysIn((await make("leaf", 100, root)).pem)).toBe(100);
  });

  it("are those of an intermediate that ends first", async () => {
    const between = await make("between", -1, root);
    const leaf = await make("leaf", 100, between);
    expect(leftDaysIn(`${leaf.pem}\n${between.pem}`)).toBe(-1);
  });

  it("are not those of a certificate that did not issue the leaf", async () => {
    const stranger = await make("stranger", 3, root);
    expect(leftDaysIn(`${(await make("leaf", 100, root)).pem}\n${stranger.pem}`)).toBe(100);
  });

  it("are not those of an anchor in the file: the reader has its own", async () => {
    const old = await make("old root", 5);
    expect(leftDaysIn(`${(await make("leaf", 100, old)).pem}\n${old.pem}`)).toBe(100);
  });

  it("cannot be read from a file without a certificate", () => {
    expect(() => leftDaysIn("")).toThrow("no start line");
  });
});
