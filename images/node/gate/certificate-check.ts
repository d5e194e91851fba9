// Do the certificate files satisfy local policy? `checkCertificate` is pure; the class reads the files.

import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { wallMs } from "#base/clock.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";

const dayMs = 86_400_000;
/** Files are read again when they change, and at least this often, because certificates expire. */
const recheckMs = 5_000;

export interface CertificateFiles {
  certificate: string;
  key: string;
  ca: string;
}

/** `why` is empty when all is well and starts with "warn: " when the policy lets a finding pass. */
export function checkCertificate(
  files: CertificateFiles,
  policy: ZoneSpec["certificate"],
  atMs: number,
): { isOpen: boolean; why: string } {
  try {
    const [leaf, ...chain] = parseAll(files.certificate);
    if (leaf === undefined) return closed("server.crt holds no certificate");
    if (!leaf.checkPrivateKey(createPrivateKey(files.key))) return closed("server.key does not belong to server.crt");
    if (!isAnchored(leaf, chain, parseAll(files.ca))) return closed("server.crt is not issued by ca.crt");
    if (atMs < Date.parse(leaf.validFrom)) return closed(`not valid before ${leaf.validFrom}`);
    const leftDays = (Date.parse(leaf.validTo) - atMs) / dayMs;
    if (leftDays <= 0) return closed(`expired on ${leaf.validTo}`);
    if (leftDays >= policy.minDays) return { isOpen: true, why: "" };
    const why = `${leftDays.toFixed(1)} days left, ${policy.minDays} asked for`;
    return policy.policy === "deny" ? closed(why) : { isOpen: true, why: `warn: ${why}` };
  } catch (thrown) {
    return closed(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function closed(why: string): { isOpen: false; why: string } {
  return { isOpen: false, why };
}

function parseAll(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Walks from the leaf to an anchor; bounded by the number of certificates given. */
function isAnchored(leaf: X509Certificate, chain: X509Certificate[], anchors: X509Certificate[]): boolean {
  let current = leaf;
  for (let step = 0; step <= chain.length; step++) {
    if (anchors.some((anchor) => isIssuedBy(current, anchor))) return true;
    const issuer = chain.find((each) => each !== current && isIssuedBy(current, each));
    if (issuer === undefined) return false;
    current = issuer;
  }
  return false;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

export class CertificateCheck {
  readonly #folder: string;
  readonly #policy: ZoneSpec["certificate"];
  #stamp = "";
  #checkedMs = 0;
  isOpen = false;
  why = "not checked yet";

  constructor(folder: string, policy: ZoneSpec["certificate"]) {
    this.#folder = folder;
    this.#policy = policy;
  }

  /** Cheap when nothing changed. */
  check(): void {
    const names = ["server.crt", "server.key", "ca.crt"].map((name) => `${this.#folder}/${name}`);
    try {
      const stamp = names
        .map((name) => statSync(name))
        .map((each) => `${each.ino}:${each.mtimeMs}:${each.size}`)
        .join();
      const atMs = wallMs();
      if (stamp === this.#stamp && Math.abs(atMs - this.#checkedMs) < recheckMs) return;
      const [certificate, key, ca] = names.map((name) => readFileSync(name, "utf8")) as [string, string, string];
      Object.assign(this, checkCertificate({ certificate, key, ca }, this.#policy, atMs));
      this.#stamp = stamp;
      this.#checkedMs = atMs;
    } catch (thrown) {
      this.#stamp = "";
      this.isOpen = false;
      this.why = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
}
