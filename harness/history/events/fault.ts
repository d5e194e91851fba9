// The events of a fault's life, with the details of each phase. Types, and the fields that saved details must have.

import { type FaultName, faultNames, type FaultSpec, optionsOf } from "#spec/faults.ts";
import { type FaultField, fieldsOf } from "#spec/faults/fields.ts";
import type { NodeName } from "#spec/node.ts";
import type { Fields, FieldsOf } from "../fields.ts";

type KeyOf<T> = T extends unknown ? keyof T : never;
type ValueOf<T, K> = T extends { [Key in K & string]?: infer V } ? V : never;

/** The spec of any fault, and its words, as recorded before it was injected. A history may lack fields. */
export type RecordedSpec = { [K in KeyOf<FaultSpec>]?: ValueOf<FaultSpec, K> } & { words?: string };

/** What a fault measured when it took effect. */
export interface EffectFigures {
  /** power: from the cut of the packets to the shutdown of the last disk. */
  spreadMs?: number;
  /** power: packets dropped since then, a node each. */
  packets?: number[];
  /** wiped, rebuilt: what the store on the disk held. */
  files?: number;
  bytes?: number;
  /** wiped, rebuilt: what the server said that it held. */
  heldBytes?: number;
  /** facts-deleted */
  deleted?: number;
}

interface PhaseDetails {
  /** On disk before anything is done. */
  intended: RecordedSpec;
  injecting: never;
  effective: EffectFigures;
  healing: never;
  healed: never;
  impossible: never;
  failed: never;
}

export type FaultPhase = keyof PhaseDetails;

/** What differs from phase to phase. */
export type PhasePart = {
  [N in FaultPhase]: {
    phase: N;
    /** effective, healed: what proves it, e.g. "container exited 137". impossible, failed: the reason. */
    proof?: string;
    detail?: PhaseDetails[N];
  };
}[FaultPhase];

/** A fault reached a phase of its life. */
export type FaultEvent<P extends FaultPhase = FaultPhase> = Extract<AnyPhase, { phase: P }>;

type AnyPhase = PhasePart & {
  t: number;
  type: "fault";
  fault: FaultName;
  /** Unique in one history. */
  id: number;
  nodes: NodeName[];
};

/** Fields of one name have one type in all faults, so that a saved detail can be read without knowing its fault. */
const savedAs: Record<FaultField["takes"], string> = {
  word: "string?",
  text: "string?",
  words: "array?",
  number: "number?",
  flag: "boolean?",
};

const specFields = Object.fromEntries(
  faultNames.flatMap((name) => fieldsOf(optionsOf(name)).map((field) => [field.name, savedAs[field.takes]])),
);

/** What the codec holds a saved detail to, by phase. */
export const faultDetailFields: { intended: Fields; effective: FieldsOf<EffectFigures> } = {
  intended: { ...specFields, fault: "string?", node: "node?", with: "nodes?", words: "string?" } as Fields,
  effective: {
    spreadMs: "number?",
    packets: "array?",
    files: "number?",
    bytes: "number?",
    heldBytes: "number?",
    deleted: "number?",
  },
};
