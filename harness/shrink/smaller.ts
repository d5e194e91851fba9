// Ways to make steps smaller: fewer of them, fewer faults in one, shorter waits. Pure.

import type { FaultSpec } from "#spec/faults.ts";
import type { Step } from "#spec/steps.ts";

/** A step with an identity of its own: two equal steps are two pieces. */
export interface Piece {
  id: number;
  step: Step;
}

export const piecesOf = (steps: readonly Step[]): Piece[] => steps.map((step, id) => ({ id, step }));
export const stepsOf = (pieces: readonly Piece[]): Step[] => pieces.map(({ step }) => step);

/** Shorter waits than this change nothing that a zone notices. */
const holdMinMs = 250;

/** How many things a person must read: steps, and each fault of a step beyond its first. */
export function sizeOf(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + 1 + Math.max(0, (faultsOf(step)?.length ?? 1) - 1), 0);
}

export function holdMsOf(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + (step.step === "hold" ? step.ms : 0), 0);
}

export function faultsOf(step: Step): FaultSpec[] | undefined {
  return step.step === "provoke" ? step.faults : undefined;
}

/** The step with only these of its faults. */
export function withFaults(step: Step, faults: FaultSpec[]): Step {
  return step.step === "provoke" ? { ...step, faults } : step;
}

/** Half as long; undefined for a step that is no wait, or short already. */
export function shorter(step: Step): Step | undefined {
  if (step.step !== "hold" || step.ms < holdMinMs * 2) return undefined;
  return { ...step, ms: Math.round(step.ms / 2) };
}

/** A step in a few words. */
export function stepWords(step: Step): string {
  const faults = faultsOf(step);
  if (faults) return faults.map(({ fault, node }) => `${fault} ${node}`).join(" + ");
  if (step.step === "hold") return `hold ${step.ms} ms`;
  if (step.step === "repair") return `repair ${step.nodes.join(" ")}`;
  return "node" in step && typeof step.node === "string" ? `${step.step} ${step.node}` : step.step;
}
