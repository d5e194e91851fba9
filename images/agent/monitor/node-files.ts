// What is seen of a node from outside without asking any program of it: its certificate file, its artifact storage,
// and whether it runs a controller.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { delay, nowNs, wallMs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import { answersTo } from "#spec/program.ts";
import type { CertificateSample } from "#protocol/commands/monitor.ts";
import { nodePath } from "../namespace/programs.ts";
import { processesBelow } from "../observe/tree.ts";

/** Paths of the node contract. */
const certificatePath = "/opt/bsfg/certs/server.crt";
const artifacts = "/artifacts";
const dayMs = 86_400_000;
/** Nodes, by PID, on which a write is being tried. */
const underWay = new Set<number>();

export async function sampleCertificate(pid: number): Promise<CertificateSample> {
  try {
    const { validTo } = new X509Certificate(await readFile(nodePath(pid, certificatePath)));
    return { leftDays: leftDaysOf(validTo) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** Days until a date as a certificate gives it, with one decimal; negative when it is over. */
export function leftDaysOf(validTo: string): number {
  return Math.floor(((Date.parse(validTo) - wallMs()) / dayMs) * 10) / 10;
}

/**
 * Makes and removes a file. Not flushed: on a busy disk a flush takes seconds while the storage is there, and what is
 * gone, read-only, full or shut down says so at the write. A medium that fails only later is not seen here.
 */
export async function tryStorage(pid: number, timeoutMs: number): Promise<string> {
  // One that hangs is not joined by more: each would hold a worker thread.
  if (underWay.has(pid)) return "silent";
  const file = `${nodePath(pid, artifacts)}/.triad-monitor-${nowNs()}`;
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
  return processesBelow(pid).filter((one) => isController(one)).length;
}

function isController(pid: number): boolean {
  try {
    const comm = readFileSync(`/proc/${pid}/comm`, "latin1").trim();
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
    return answersTo("controller", { name: comm, argv });
  } catch {
    return false; // it went between two reads
  }
}
