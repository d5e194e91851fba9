// Samples a node from outside, without asking its programs: its certificate file, its artifact storage, and its
// controller processes.

import { X509Certificate } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { delay, nowNs, wallMs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import { answersTo } from "#spec/program.ts";
import type { CertificateSample } from "#protocol/commands/monitor.ts";
import { contract } from "../namespace/contract.ts";
import { nodePath } from "../namespace/programs.ts";
import { readProcess } from "../observe/contained.ts";
import { processesBelow } from "../observe/tree.ts";

const dayMs = 86_400_000;
/** PIDs of the nodes on which a write is in progress. */
const underWay = new Set<number>();

export async function sampleCertificate(pid: number): Promise<CertificateSample> {
  try {
    return { leftDays: leftDaysIn(await readFile(nodePath(pid, contract.certificates.certificate), "utf8")) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/**
 * Days until the first certificate of a PEM text ends, or an issuer of it that the text holds. Of two issuers the later
 * one counts. A self-signed one does not: only the reader's own anchors count. @throws when it holds none
 */
export function leftDaysIn(pem: string): number {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const [leaf, ...chain] = (blocks.length > 0 ? blocks : [pem]).map((block) => new X509Certificate(block));
  return leftOf(leaf!, chain);
}

/** An issuer is used once, so it ends. */
function leftOf(certificate: X509Certificate, chain: X509Certificate[]): number {
  const own = leftDaysOf(certificate.validTo);
  const issuers = chain.filter((one) => one.subject !== one.issuer && certificate.checkIssued(one));
  const lefts = issuers.map((issuer) =>
    leftOf(
      issuer,
      chain.filter((one) => one !== issuer),
    ),
  );
  return lefts.length === 0 ? own : Math.min(own, Math.max(...lefts));
}

/** Days until the end date of a certificate, with one decimal. Negative after it. */
export function leftDaysOf(validTo: string): number {
  return Math.floor(((Date.parse(validTo) - wallMs()) / dayMs) * 10) / 10;
}

/**
 * Makes and removes a file. It is not flushed, because on a busy disk a flush takes seconds although the storage works.
 * Storage that is gone, read-only, full or shut down fails at the write. A medium that fails only later is not detected
 * here.
 */
export async function tryStorage(pid: number, timeoutMs: number): Promise<string> {
  // A write that hangs is not repeated: each would hold a worker thread.
  if (underWay.has(pid)) return "silent";
  const file = `${nodePath(pid, contract.stores.artifacts)}/.triad-monitor-${nowNs()}`;
  const attempt = async (): Promise<string> => {
    underWay.add(pid);
    try {
      await writeFile(file, "monitor");
      return "written";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? messageOf(error);
    } finally {
      await rm(file, { force: true }).catch(() => {});
      underWay.delete(pid);
    }
  };
  return Promise.race([attempt(), delay(timeoutMs).then(() => "silent")]);
}

export function countControllers(pid: number): number {
  return processesBelow(pid).filter((one) => isController(one, pid)).length;
}

/** A container counts once, however many processes it has. */
function isController(pid: number, nodePid: number): boolean {
  try {
    const process = readProcess(pid, nodePid);
    return (process.container === undefined || process.isFirst) && answersTo("controller", process, contract.programs);
  } catch {
    // It ended between two reads.
    return false;
  }
}
