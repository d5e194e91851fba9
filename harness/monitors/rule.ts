// What a monitor is made of: where its evidence comes from, and a rule that judges it.

import type { MonitorState } from "#spec/monitor.ts";
import type { ZoneState } from "./zone-state.ts";

export interface MonitorRule {
  /** Where the evidence comes from. When that source is silent, the monitor is gone. */
  reads: "observer" | "sample" | "both";
  /** One slow answer is not an alarm: red needs several samples that agree. */
  needsAgreement?: true;
  judge: (zone: ZoneState) => Judgement;
}

export interface Judgement {
  state: MonitorState;
  why: string;
}

export const green = (why: string): Judgement => ({ state: "green", why });
export const red = (why: string): Judgement => ({ state: "red", why });
export const gone = (why: string): Judgement => ({ state: "gone", why });

/** The worst of several: red, then gone, then green, with the reasons of all that share it. */
export function worst(judgements: readonly Judgement[]): Judgement {
  for (const state of ["red", "gone"] as const) {
    const such = judgements.filter((one) => one.state === state);
    if (such.length > 0) return { state, why: such.map((one) => one.why).join("; ") };
  }
  return judgements[0] ?? gone("nothing to judge");
}
