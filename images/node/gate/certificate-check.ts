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

interface Judged {
  isOpen: boolean;
  why: string;
}

/**
 * `why` is empty when all is well and starts with "warn: " when the policy lets a finding pass. The dates of every
 * issuer count as the leaf's do: a client refuses the whole path when one of them is over.
 */
export function checkCertificate(files: CertificateFiles, policy: ZoneSpec["certificate"], atMs: number): Judged {
  try {
    const [leaf, ...chain] = parseAll(files.certificate);
    if (leaf === undefined) return closed("server.crt holds no certificate");
    if (!leaf.checkPrivateKey(createPrivateKey(files.key))) return closed("server.key does not belong to server.crt");
    const judged = pathsToAnchor(leaf, chain, parseAll(files.ca)).map((path) => judgeDates(path, policy, atMs));
    // A path without a finding is enough: while an authority is replaced, the old one and the new one are both there.
    const best = judged.find((each) => each.why === "") ?? judged.find((each) => each.isOpen) ?? judged[0];
    return best ?? closed("server.crt is not issued by ca.crt");
  } catch (thrown) {
    return closed(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function closed(why: string): Judged {
  return { isOpen: false, why };
}

function parseAll(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Each way from a certificate to an anchor, both included. An issuer is used once, so it ends. */
function pathsToAnchor(
  from: X509Certificate,
  chain: X509Certificate[],
  anchors: X509Certificate[],
): X509Certificate[][] {
  const direct = anchors.filter((anchor) => isIssuedBy(from, anchor)).map((anchor) => [from, anchor]);
  const longer = chain
    .filter((issuer) => isIssuedBy(from, issuer))
    .flatMap((issuer) =>
      pathsToAnchor(
        issuer,
        chain.filter((each) => each !== issuer),
        anchors,
      ),
    );
  return [...direct, ...longer.map((path) => [from, ...path])];
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** `path`: the leaf first. */
function judgeDates(path: X509Certificate[], policy: ZoneSpec["certificate"], atMs: number): Judged {
  const warnings: string[] = [];
  for (const [index, each] of path.entries()) {
    const whose = index === 0 ? "" : `issuer ${each.subject}: `;
    if (atMs < Date.parse(each.validFrom)) return closed(`${whose}not valid before ${each.validFrom}`);
    const leftDays = (Date.parse(each.validTo) - atMs) / dayMs;
    if (leftDays <= 0) return closed(`${whose}expired on ${each.validTo}`);
    if (leftDays < policy.minDays)
      warnings.push(`${whose}${leftDays.toFixed(1)} days left, ${policy.minDays} asked for`);
  }
  const [why] = warnings;
  if (why === undefined) return { isOpen: true, why: "" };
  return policy.policy === "deny" ? closed(why) : { isOpen: true, why: `warn: ${why}` };
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
