// What every part of a timeline shares: the view it draws, the scale of time and the zero of the axis.

import type { HistoryView } from "#history/view.ts";
import type { Scale } from "./scale.ts";

export interface Frame {
  view: HistoryView;
  /** Nanoseconds of the history to places on the drawing. */
  x: Scale;
  /** Zero of the axis: the first fault's effect, or the first event. */
  zeroNs: number;
}

/** Zero of every time on the page: the instant the first fault took effect, or else the first event. */
export function zeroNsOf(view: HistoryView): number {
  return view.faults.find((life) => life.phases.effective)?.phases.effective?.event.t ?? view.firstNs;
}
