// Small files in /run as shared state: read whole or not at all, replaced by rename. Synchronous on purpose: /run is
// memory or the container's own layer, and the file must be written before the program goes on.

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { nowNs } from "#base/clock.ts";
import type { GateName } from "#spec/zone-spec.ts";
import type { NodeFile } from "#topology/render-node.ts";
import { paths } from "./paths.ts";

/** One gate of the health answer. */
export interface Gate {
  name: GateName;
  isOpen: boolean;
  why: string;
}

/** The health answer; `atNs` (CLOCK_MONOTONIC) says how fresh the file is. */
export interface Health {
  node: string;
  isActive: boolean;
  gates: Gate[];
  atNs?: number;
}

/** The file's trimmed text, or undefined when it cannot be read. */
export function readWord(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

export function readNodeFile(): NodeFile {
  return JSON.parse(readFileSync(paths.node, "utf8")) as NodeFile;
}

/** Whether the lease lets this node act now. An unreadable file means no. */
export function isLeaseValid(atNs: number = nowNs()): boolean {
  const untilNs = Number(readWord(paths.lease));
  return Number.isFinite(untilNs) && atNs < untilNs;
}

export function readHealth(): Health | undefined {
  try {
    return JSON.parse(readFileSync(paths.gates, "utf8")) as Health;
  } catch {
    return undefined;
  }
}

/** Uptime in hundredths of a second, as the shell scripts read it. */
export function uptime(): string {
  return (readWord("/proc/uptime") ?? "0").split(" ")[0]!.replace(".", "");
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}
