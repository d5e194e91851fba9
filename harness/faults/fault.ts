// What a fault is: possible or not, injected with a proof of its effect, healed with a proof of its undoing.
// registry.ts lists them by name.

import { nowNs } from "#base/clock.ts";
import type { FaultName, SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";

/** What proves an effect or its undoing, and the instant from which it held. */
export interface Effect {
  proof: string;
  /** CLOCK_MONOTONIC ns; the instant counts for failover times. */
  atNs: number;
  /** Figures that a checker judges the fault itself by. */
  detail?: Record<string, unknown>;
}

/** An effect that holds from now on. */
export function effectNow(proof: string): Effect {
  return { proof, atNs: nowNs() };
}

export interface Fault<N extends FaultName = FaultName> {
  /** One sentence for docs/faults.md. */
  does: string;
  /** Null when this kernel and daemon can do it, else why not. */
  isImpossible?(zone: StartedZone, spec: SpecOf<N>): Promise<string | null>;
  /** @returns what proves the effect. @throws HarnessError `fault/no-effect` when it cannot be shown. */
  inject(zone: StartedZone, spec: SpecOf<N>): Promise<Effect>;
  /** Idempotent. @returns what proves the undoing. @throws HarnessError `fault/not-undone` */
  heal(zone: StartedZone, spec: SpecOf<N>): Promise<string>;
}
