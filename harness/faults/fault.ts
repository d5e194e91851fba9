// The interface of a fault's implementation. Every injection and every healing must prove its effect. registry.ts lists
// the implementations by name; harness/spec/faults.ts holds their specs and traits.

import { nowNs } from "#base/clock.ts";
import type { EffectFigures } from "#history/event.ts";
import type { FaultName, SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";

/** The proof of an injection or a healing, and the instant since when it holds. */
export interface Effect {
  proof: string;
  /** CLOCK_MONOTONIC ns. Failover times count from here. */
  atNs: number;
  /** Figures about the fault that a checker needs. */
  detail?: EffectFigures;
}

/** An effect that holds from now on. */
export function effectNow(proof: string): Omit<Effect, "detail"> {
  return { proof, atNs: nowNs() };
}

export interface Fault<N extends FaultName = FaultName> {
  /** Says why this kernel or daemon cannot do it; null when it can. Absent: always possible. */
  isImpossible?(zone: StartedZone, spec: SpecOf<N>): Promise<string | null>;
  /** @returns the proof of the effect. @throws HarnessError `fault/no-effect` when there is none. */
  inject(zone: StartedZone, spec: SpecOf<N>): Promise<Effect>;
  /**
   * Idempotent. @returns the proof that the fault is gone. @throws HarnessError `fault/not-undone` when there is none.
   */
  heal(zone: StartedZone, spec: SpecOf<N>): Promise<string>;
}
