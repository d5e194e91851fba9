// Every fault as plain data: its options, its words and its traits, by theme in faults/. Scenarios, files, the command
// line and docs/faults.md read the same rows. A rule that depends on the kind of a fault asks a trait, so that a new
// fault needs no change to any rule. harness/faults injects and heals them.

import { z } from "zod";
import { HarnessError } from "#base/errors.ts";
import type { NodeName } from "./node.ts";
import { certificateFaults } from "./faults/certificates.ts";
import type { Exact, FaultKind, FaultTraits } from "./faults/kind.ts";
import { networkFaults } from "./faults/network.ts";
import { processFaults } from "./faults/processes.ts";
import { resourceFaults } from "./faults/resources.ts";
import { serverFaults } from "./faults/servers.ts";
import { storageFaults } from "./faults/storage.ts";
import { vrrpFaults } from "./faults/vrrp.ts";
import { wholeNodeFaults } from "./faults/whole-node.ts";

export type { CertificateWay } from "./faults/certificates.ts";
export type { FaultTraits } from "./faults/kind.ts";
export type { ProcessName } from "./faults/processes.ts";
export type { RotWay, StorageWay } from "./faults/storage.ts";

const faultTable = {
  ...wholeNodeFaults,
  ...processFaults,
  ...networkFaults,
  ...vrrpFaults,
  ...storageFaults,
  ...resourceFaults,
  ...certificateFaults,
  ...serverFaults,
};

type Table = typeof faultTable;
export type FaultName = keyof Table;
export type SpecOf<Name extends FaultName> = {
  [N in Name]: { fault: N } & Exact<z.output<Table[N]["options"]>>;
}[Name];
export type FaultSpec = SpecOf<FaultName>;
export type CutSpec = SpecOf<"cut">;
export type ForgedSource = SpecOf<"forge-control">["as"];

/** Any row: which fields its functions take follows from the name, as the callers below see to. */
type AnyKind = FaultKind<z.ZodObject<{ node: z.ZodType } & z.core.$ZodShape>>;
const rows: Record<FaultName, AnyKind> = faultTable as unknown as Record<FaultName, AnyKind>;

export const faultNames = Object.keys(faultTable) as FaultName[];

/** The zod object of a fault's fields, `node` among them. */
export function optionsOf(name: FaultName): AnyKind["options"] {
  return rows[name].options;
}

/** One or more sentences about what it does. */
export function doesOf(name: FaultName): string {
  return rows[name].does;
}

/** It can also be done to a paused node. */
export function worksOnPaused(name: FaultName): boolean {
  return rows[name].worksOnPaused ?? false;
}

const [first, ...others] = faultNames.map((name) => rows[name].options.extend({ fault: z.literal(name) }));

/** A fault as a file has it: its name and its fields. Absent fields take their defaults. */
export const faultShape = z.discriminatedUnion("fault", [first!, ...others]) as unknown as z.ZodType<FaultSpec>;

/** Specs for tests and pages, of each fault at least one. */
export function examplesOf(name: FaultName): FaultSpec[] {
  return rows[name].examples.map((fields) => faultShape.parse({ fault: name, ...fields }));
}

/** The nodes that a fault is done to. */
export function nodesOf(spec: FaultSpec): NodeName[] {
  return [spec.node, ...(("with" in spec && spec.with) || [])];
}

/** One line that names the fault for a person. */
export function describeFault(spec: FaultSpec): string {
  return rows[spec.fault].words(spec);
}

export function traitsOf(spec: FaultSpec): FaultTraits {
  return recordedTraits(spec.fault, spec);
}

/**
 * The traits of a fault in a history.
 *
 * @throws HarnessError `history/bad-format` when this version has no fault of that name: no rule would know what it
 * did.
 */
export function recordedTraits(name: string, recorded: object): FaultTraits {
  if (!isFaultName(name)) throw new HarnessError("history/bad-format", `this version has no fault "${name}"`);
  const { traits } = rows[name];
  return typeof traits === "function" ? traits(recorded) : traits;
}

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultTable, name);
}
