// What the parts of a timeline share: the view, the time scale, the zero of the axis and the hatchings.

import type { HistoryView } from "#history/view.ts";
import type { Scale } from "./scale.ts";

export interface Frame {
  view: HistoryView;
  /** Nanoseconds of the history to positions on the drawing. */
  x: Scale;
  /** Zero of the axis: the first fault's effect, or the first event. */
  zeroNs: number;
  /** Fill of a node that is down or frozen. */
  hatched: (state: "down" | "frozen") => string;
}

/** Zero of all times of a scenario: the instant when the first fault took effect. Without a fault, the first event. */
export function zeroNsOf(view: HistoryView): number {
  return view.faults.find((life) => life.phases.effective)?.phases.effective?.event.t ?? view.firstNs;
}
